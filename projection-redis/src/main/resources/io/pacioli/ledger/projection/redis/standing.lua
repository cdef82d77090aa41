-- Reads an account's place on the leaderboard of its shard. Behind totals.lua.
--
-- KEYS  1 position, 2 leaderboard, 3 assets, 4 the accounts that it is among
-- ARGV  1 the asset, 2 the account, 3 how many neighbours on either side
--
-- Answers with nothing when the shard has no position; else with the position, the asset's definition (empty when the shard does
-- not know it), how many are on the board; then, if the account exists, what is stored of it; then, if it is on the board, how many
-- stand before it, and members and scores in turn: its neighbours before, itself, its neighbours after.

local call = redis.call

local position = call('GET', KEYS[1])
if not position then
    return {}
end
local asset, account, neighbours = ARGV[1], ARGV[2], tonumber(ARGV[3])
local answer = {position, call('HGET', KEYS[3], asset) or '', tostring(call('ZCARD', KEYS[2]))}
local stored = call('HGET', KEYS[4], account)
if not stored then
    return answer
end
answer[4] = stored

local padded = ',' .. stored .. ','
local _, equals = find(padded, ',' .. asset .. '=', 1, true)
local sum = equals and total(sub(padded, equals + 1, find(padded, ',', equals, true) - 1)) or '0'
if sum == '0' then
    return answer
end
local rank = call('ZRANK', KEYS[2], member(account, sum))
answer[5] = tostring(rank)
local from, to = math.max(0, rank - neighbours), rank + neighbours
for _, text in ipairs(call('ZRANGE', KEYS[2], from, to, 'WITHSCORES')) do
    answer[#answer + 1] = text
end
return answer
