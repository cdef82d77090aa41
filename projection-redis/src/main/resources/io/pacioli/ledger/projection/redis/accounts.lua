-- Reads accounts of a shard.
--
-- KEYS  1 position, 2 assets, then hashes of accounts
-- ARGV  1 how many accounts are enough: no further hash is read then; 2 how many of the first hashes do not count for that,
--       then, if not all accounts of the hashes are wanted, for each hash the account wanted of it
--
-- Answers with nothing when the shard has no position; else with the position, how many hashes were read, how many accounts follow,
-- these with what is stored of each in turn, and the assets that they have with the decimals of each in turn; empty for those that
-- the shard has not learned of.

local call, match, gmatch = redis.call, string.match, string.gmatch

local position = call('GET', KEYS[1])
if not position then
    return {}
end
local answer, assets = {position, '', ''}, {}
local function append(account, stored)
    answer[#answer + 1] = account
    answer[#answer + 1] = stored
    for asset in gmatch(stored, '([^=,]+)=') do
        assets[asset] = true
    end
end

local enough, uncounted = 2 * tonumber(ARGV[1]), tonumber(ARGV[2])
local read, counted = 0, 0
for index = 3, #KEYS do
    if counted >= enough then
        break
    end
    local before = #answer
    if ARGV[index] then
        local stored = call('HGET', KEYS[index], ARGV[index])
        if stored then
            append(ARGV[index], stored)
        end
    else
        local texts = call('HGETALL', KEYS[index])
        for field = 1, #texts, 2 do
            append(texts[field], texts[field + 1])
        end
    end
    read = read + 1
    if read > uncounted then
        counted = counted + #answer - before
    end
end
answer[2], answer[3] = tostring(read), tostring((#answer - 3) / 2)
for asset in pairs(assets) do
    answer[#answer + 1] = asset
    answer[#answer + 1] = match(call('HGET', KEYS[2], asset) or '', '^%d*')
end
return answer
