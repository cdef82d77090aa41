-- Applies one batch of a shard's journal and moves its position on, or changes nothing.
--
-- KEYS  1 position, 2 assets, then one leaderboard for each asset listed, then for each change the accounts that it is among
-- ARGV  1 the stored position that the batch continues from, 2 the position after it,
--       3 number of definitions, 4 number of assets listed,
--       then for each definition: asset, definition
--       then the assets listed
--       then for each change: account, asset, amounts (asset and amounts empty for an account that was only opened)
--
-- Answers with the position that is stored afterwards: the new one when the batch has been applied, now or before.

local call, find, sub, byte = redis.call, string.find, string.sub, string.byte
local format, gsub, gmatch = string.format, string.gsub, string.gmatch

-- Integers of this many digits are exact as sorted-set scores; longer ones keep their digits in the member.
local EXACT_DIGITS = 15
local LIMB_DIGITS = 7
local LIMB = 10000000
local SYSTEM = byte('@')

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
        if byte(number) == 45 then
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

-- The sum over all buckets of amounts such as 'a1250h20', as an exact integer.
local function total(amounts)
    if amounts == '' then
        return '0'
    end
    if byte(amounts) == 97 and not find(amounts, '[hls]', 2) then
        return sub(amounts, 2)
    end
    local numbers = {}
    for number in gmatch(amounts, '%-?%d+') do
        numbers[#numbers + 1] = number
    end
    return add(numbers)
end

-- The stored amounts with those that changed: only what is not zero is kept, in one order.
local function merge(amounts, change)
    if byte(change) == 97 and not find(change, '[hls]', 2) and not find(amounts, '[hls]') then
        return change == 'a0' and '' or change
    end
    local buckets = {}
    for bucket, number in gmatch(amounts .. change, '(%l)(%-?%d+)') do
        buckets[bucket] = number
    end
    local merged = ''
    for bucket in gmatch('ahls', '.') do
        if buckets[bucket] and buckets[bucket] ~= '0' then
            merged = merged .. bucket .. buckets[bucket]
        end
    end
    return merged
end

local COMPLEMENT = {}
for digit = 0, 9 do
    COMPLEMENT[tostring(digit)] = tostring(9 - digit)
end

-- The member of a leaderboard. Where scores are equal Redis orders by member: by account, behind the digits of totals that are too
-- long for a score, so that the larger one comes first.
local function member(account, sum)
    local negative = byte(sum) == 45
    local digits = negative and sub(sum, 2) or sum
    if #digits <= EXACT_DIGITS then
        return account
    end
    if negative then
        return format('%02d', #digits) .. digits .. ' ' .. account
    end
    return format('%02d', 99 - #digits) .. gsub(digits, '%d', COMPLEMENT) .. ' ' .. account
end

local function rank(board, account, before, after)
    local old, new = total(before), total(after)
    local oldMember, newMember = member(account, old), member(account, new)
    if oldMember ~= newMember or new == '0' then
        call('ZREM', board, oldMember)
    end
    if new ~= '0' then
        -- Scores are negative so that equal ones come in the order of the accounts while the largest comes first.
        call('ZADD', board, byte(new) == 45 and sub(new, 2) or '-' .. new, newMember)
    end
end

local definitions, listed = tonumber(ARGV[3]), tonumber(ARGV[4])
local argument = 5
for _ = 1, definitions do
    call('HSET', KEYS[2], ARGV[argument], ARGV[argument + 1])
    argument = argument + 2
end
local boards = {}
for index = 1, listed do
    local asset = ARGV[argument]
    boards[asset] = KEYS[2 + index]
    -- The keys of this hash tell which leaderboards there are, even before the shard has learned of the asset.
    call('HSETNX', KEYS[2], asset, '')
    argument = argument + 1
end

local key = 2 + listed
while argument < #ARGV do
    local account, asset, change = ARGV[argument], ARGV[argument + 1], ARGV[argument + 2]
    argument, key = argument + 3, key + 1
    if asset == '' then
        call('HSETNX', KEYS[key], account, '')
    else
        local old = call('HGET', KEYS[key], account) or ''
        local prefix = asset .. '='
        local from = 1
        if sub(old, 1, #prefix) ~= prefix then
            local comma = find(old, ',' .. prefix, 1, true)
            from = comma and comma + 1
        end
        local head, before, tail
        if from then
            local stop = find(old, ',', from, true) or #old + 1
            head, before, tail = sub(old, 1, from - 1), sub(old, from + #prefix, stop - 1), sub(old, stop)
        else
            head, before, tail = old == '' and '' or old .. ',', '', ''
        end
        local after = merge(before, change)
        if byte(account) ~= SYSTEM then
            -- Before the balance: should this fail, the next attempt still finds the member to replace.
            rank(boards[asset], account, before, after)
        end
        local new
        if after ~= '' then
            new = head .. prefix .. after .. tail
        elseif head == '' then
            new = sub(tail, 2)
        else
            new = sub(head, 1, -2) .. tail
        end
        call('HSET', KEYS[key], account, new)
    end
end
call('SET', KEYS[1], ARGV[2])
return ARGV[2]
