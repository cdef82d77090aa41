-- Applies one batch of a shard's journal and moves its position on, or changes nothing. Behind totals.lua.
--
-- KEYS  1 position, 2 assets, then the leaderboard of each asset listed, then for each account the hash that it is in
-- ARGV  1 the stored position that the batch continues from, 2 the position after it,
--       3 number of definitions, 4 number of assets listed, 5 number of messages,
--       then for each definition: asset, definition
--       then the assets listed
--       then for each change: account, asset, amounts; without an asset, in place of the amounts, what became of the account
--       itself: opened, frozen, open or closed. The changes of one account stand together
--       then for each message: the channel of its account, the channel of its asset, if any, and the message
--
-- Amounts are the available balance, if it is among them, followed by a letter and a balance for each other bucket: 1250h20.
-- An account is stored as its assets with their amounts, those that are not zero, behind its status unless it is open:
-- GOLD=1250h20,SILVER=77 or frozen,GOLD=1250h20,SILVER=77.
--
-- Answers with the position that is stored afterwards: the new one when the batch has been applied, now or before.

local call = redis.call

local SYSTEM = byte('@')
-- Arguments of one command; Lua can spread some thousands.
local WRITTEN_MAX = 1000

local stored = call('GET', KEYS[1]) or ''
if stored ~= ARGV[1] then
    return stored
end

local arguments = #ARGV
local lastChange = arguments - 3 * tonumber(ARGV[5])
-- Asked before anything is written: a script that fails in the middle is not undone.
local firstAsset = lastChange + 2
while firstAsset < arguments and ARGV[firstAsset] == '' do
    firstAsset = firstAsset + 3
end
for _, index in ipairs({lastChange + 1, firstAsset}) do
    if index < arguments and not redis.acl_check_cmd('PUBLISH', ARGV[index], '') then
        return redis.error_reply('NOPERM may not publish to ' .. ARGV[index] .. ': allow it or turn notifications off')
    end
end

-- The stored amounts with those that changed; only what is not zero is kept, in one order.
local function merge(amounts, change)
    local buckets = {}
    for _, text in ipairs({amounts, change}) do
        buckets.a = match(text, '^%-?%d+') or buckets.a
        for bucket, number in gmatch(text, '(%l)(%-?%d+)') do
            buckets[bucket] = number
        end
    end
    local merged = ''
    for bucket in gmatch('ahls', '.') do
        if buckets[bucket] and buckets[bucket] ~= '0' then
            merged = merged .. (bucket == 'a' and '' or bucket) .. buckets[bucket]
        end
    end
    return merged
end

-- Notes how an account's place on a leaderboard changes. Scores are negative so that equal ones come in the order of the accounts
-- while the largest comes first.
local function rank(board, account, before, after)
    local old, new = total(before), total(after)
    local oldMember, newMember = member(account, old), member(account, new)
    if old ~= '0' and (oldMember ~= newMember or new == '0') then
        local removed = board.removed
        removed[#removed + 1] = oldMember
    end
    if new ~= '0' then
        local ranked = board.ranked
        ranked[#ranked + 1] = byte(new) == MINUS and sub(new, 2) or '-' .. new
        ranked[#ranked + 1] = newMember
    end
end

-- What is to be stored of an account of which the amounts of one asset change.
local function changed(old, account, asset, change, board)
    local prefix = asset .. '='
    local from = 1
    if sub(old, 1, #prefix) ~= prefix then
        local comma = find(old, ',' .. prefix, 1, true)
        from = comma and comma + 1
    end
    local first, before, last
    if from then
        local stop = find(old, ',', from, true) or #old + 1
        first, before, last = sub(old, 1, from - 1), sub(old, from + #prefix, stop - 1), sub(old, stop)
    else
        first, before, last = old == '' and '' or old .. ',', '', ''
    end
    local after = merge(before, change)
    if board then
        rank(board, account, before, after)
    end
    if after ~= '' then
        return first .. prefix .. after .. last
    elseif first == '' then
        return sub(last, 2)
    end
    return sub(first, 1, -2) .. last
end

-- What is to be stored of an account of which the status changes. Opening opens what is closed, and unfreezes nothing.
local function restated(old, change)
    local status, balances = match(old, '^(%l+),?(.*)$')
    if not status then
        status, balances = 'open', old
    end
    if change == 'opened' then
        change = status == 'frozen' and 'frozen' or 'open'
    end
    if change == 'open' then
        return balances
    end
    return balances == '' and change or change .. ',' .. balances
end

local definitions, listed = tonumber(ARGV[3]), tonumber(ARGV[4])
local argument = 6
for _ = 1, definitions do
    call('HSET', KEYS[2], ARGV[argument], ARGV[argument + 1])
    argument = argument + 2
end
local boards = {}
for index = 1, listed do
    local asset = ARGV[argument]
    boards[asset] = {key = KEYS[2 + index], ranked = {}, removed = {}}
    -- The fields of this hash tell which leaderboards there are, even before the shard has learned of the asset.
    call('HSETNX', KEYS[2], asset, '')
    argument = argument + 1
end

local accounts, values, count, base = {}, {}, 0, 2 + listed
local last, value
while argument < lastChange do
    local account, asset, change = ARGV[argument], ARGV[argument + 1], ARGV[argument + 2]
    argument = argument + 3
    if account ~= last then
        count, last = count + 1, account
        accounts[count] = account
        value = call('HGET', KEYS[base + count], account) or ''
    end
    if asset ~= '' then
        local board = byte(account) ~= SYSTEM and boards[asset]
        local prefix = asset .. '='
        -- Nearly every change is one of these: the only asset of the account, available before and after, exact as a score.
        if #change <= EXACT_DIGITS and change ~= '0' and not find(change, '[%l-]')
                and (value == '' or sub(value, 1, #prefix) == prefix and #value - #prefix <= EXACT_DIGITS
                    and not find(value, '[%l,-]', #prefix + 1)) then
            value = prefix .. change
            if board then
                local ranked = board.ranked
                local length = #ranked
                ranked[length + 1], ranked[length + 2] = '-' .. change, account
            end
        else
            value = changed(value, account, asset, change, board)
        end
    else
        value = restated(value, change)
    end
    values[count] = value
end

-- Members and scores are written together, because each command costs as much as its effect. The leaderboards come first: they are
-- worked out from the accounts as they were.
local function write(command, key, list)
    for first = 1, #list, WRITTEN_MAX do
        call(command, key, unpack(list, first, math.min(first + WRITTEN_MAX - 1, #list)))
    end
end
for _, board in pairs(boards) do
    write('ZREM', board.key, board.removed)
    write('ZADD', board.key, board.ranked)
end
for index = 1, count do
    call('HSET', KEYS[base + index], accounts[index], values[index])
end
call('SET', KEYS[1], ARGV[2])
for index = lastChange + 1, arguments, 3 do
    local message = ARGV[index + 2]
    call('PUBLISH', ARGV[index], message)
    if ARGV[index + 1] ~= '' then
        call('PUBLISH', ARGV[index + 1], message)
    end
end
return ARGV[2]
