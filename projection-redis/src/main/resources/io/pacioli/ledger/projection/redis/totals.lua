-- Totals of accounts and how leaderboards keep them: stands before the scripts that rank.

local find, sub, byte, match = string.find, string.sub, string.byte, string.match
local format, gsub, gmatch = string.format, string.gsub, string.gmatch

-- Integers of this many digits are exact as sorted-set scores; longer ones keep their digits in the member.
local EXACT_DIGITS = 15
local LIMB_DIGITS = 7
local LIMB = 10000000
local MINUS = byte('-')

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
