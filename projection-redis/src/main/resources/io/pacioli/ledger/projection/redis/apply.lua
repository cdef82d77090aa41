-- Applies one batch of a shard's journal and moves its position on, or changes nothing.
--
-- KEYS  1 position, 2 assets, then the leaderboard of each asset listed, then for each account the hash that it is in
-- ARGV  1 the stored position that the batch continues from, 2 the position after it,
--       3 number of definitions, 4 number of assets listed,
--       then for each definition: asset, definition
--       then the assets listed
--       then for each change: account, asset, amounts; asset and amounts are empty for an account that was only opened, and the
--       changes of one account stand together
--
-- Amounts are the available balance, if it is among them, followed by a letter and a balance for each other bucket: 1250h20.
-- An account is stored as its assets with their amounts, those that are not zero: GOLD=1250h20,SILVER=77.
--
-- Answers with the position that is stored afterwards: the new one when the batch has been applied, now or before.

local call, find, sub, byte, match = redis.call, string.find, string.sub, string.byte, string.match
local format, gsub, gmatch = string.format, string.gsub, string.gmatch

-- Integers of this many digits are exact as sorted-set scores; longer ones keep their digits in the member.
local EXACT_DIGITS = 15
local LIMB_DIGITS = 7
local LIMB = 10000000
local SYSTEM, MINUS = byte('@'), byte('-')
-- Arguments of one command; Lua can spread some thousands.
local WRITTEN_MAX = 1000

local stored = call('GET', KEYS[1]) or ''
if stored ~= ARGV[1] then
    return stored
end

-- Brings limbs into 0..LIMB-1 and returns what is carried over the top, which is negative when the number is.
local function carry(limbs)
    local over = 0
    for index = 1, #limbs do
        local limb = limbs[index] + over
        over = math.floor(limb / LIMB)
        limbs[index] = limb - over * LIMB
    end
    return over
end

-- Adds decimal integers of any length, limb by limb from the right; each limb carries its number's sign until the end.
local function add(numbers)
    local limbs = {}
    for _, number in ipairs(numbers) do
        local sign, first = 1, 1
        if byte(number) == MINUS then
            sign, first = -1, 2
        end
        local index, last = 1, #number
        while last >= first do
            local from = math.max(first, last - LIMB_DIGITS + 1)
            limbs[index] = (limbs[index] or 0) + sign * tonumber(sub(number, from, last))
            index, last = index + 1, from - 1
        end
    end
    local sign, over = '', carry(limbs)
    if over < 0 then
        -- The limbs are the complement now: negate the whole number and carry once more.
        sign = '-'
        for index = 1, #limbs do
            limbs[index] = -limbs[index]
        end
        over = -over + carry(limbs)
    end
    local digits = {format('%d', over)}
    for index = #limbs, 1, -1 do
        digits[#digits + 1] = format('%07d', limbs[index])
    end
    local text = gsub(table.concat(digits), '^0+', '')
    return text == '' and '0' or sign .. text
end

-- The sum over all buckets.
local function total(amounts)
    if not find(amounts, '%l') then
        return amounts == '' and '0' or amounts
    end
    local numbers = {}
    for number in gmatch(amounts, '%-?%d+') do
        numbers[#numbers + 1] = number
    end
    return add(numbers)
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

-- The member of a leaderboard. Where scores are equal Redis orders by member: by account, behind the digits of totals that are too
-- long for a score, so that the larger one comes first.
local function member(account, sum)
    local negative = byte(sum) == MINUS
    local digits = negative and sub(sum, 2) or sum
    if #digits <= EXACT_DIGITS then
        return account
    end
    if negative then
        return format('%02d', #digits) .. digits .. ' ' .. account
    end
    local complement = gsub(digits, '%d', function(digit)
        return format('%d', 9 - digit)
    end)
    return format('%02d', 99 - #digits) .. complement .. ' ' .. account
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

local definitions, listed, arguments = tonumber(ARGV[3]), tonumber(ARGV[4]), #ARGV
local argument = 5
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
while argument < arguments do
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
return ARGV[2]
