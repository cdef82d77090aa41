-- Reads the place that an account of another shard would have on a shard's leaderboard.
--
-- KEYS  1 position, 2 leaderboard, 3 assets
-- ARGV  1 the asset, 2 how many neighbours on either side, 3 score, 4 member; without score and member for one that is on no board
--
-- Answers with nothing when the shard has no position; else with the position, the asset's definition (empty when the shard does
-- not know it), how many are on the board; then, if a place was asked for, how many stand before it, and members and scores in turn:
-- the neighbours before and after it.

local call, byte = redis.call, string.byte

-- Whether a member stands before another where their scores are equal: Redis compares bytes, while Lua's < follows the locale.
local function precedes(one, other)
    for index = 1, math.min(#one, #other) do
        local a, b = byte(one, index), byte(other, index)
        if a ~= b then
            return a < b
        end
    end
    return #one < #other
end

local position = call('GET', KEYS[1])
if not position then
    return {}
end
local answer = {position, call('HGET', KEYS[3], ARGV[1]) or '', tostring(call('ZCARD', KEYS[2]))}
local score, member = ARGV[3], ARGV[4]
if not score then
    return answer
end

-- All that score lower stand before; among those that score the same, as many as there may be, the place is searched by halves.
local first = call('ZCOUNT', KEYS[2], '-inf', '(' .. score)
local last = call('ZCOUNT', KEYS[2], '-inf', score)
while first < last do
    local middle = math.floor((first + last) / 2)
    if precedes(call('ZRANGE', KEYS[2], middle, middle)[1], member) then
        first = middle + 1
    else
        last = middle
    end
end
answer[4] = tostring(first)
local neighbours = tonumber(ARGV[2])
local from, to = math.max(0, first - neighbours), first + neighbours - 1
if from <= to then
    for _, text in ipairs(call('ZRANGE', KEYS[2], from, to, 'WITHSCORES')) do
        answer[#answer + 1] = text
    end
end
return answer
