-- Puts one account of a shard right from a copy of it that stands at the same position, or changes nothing. Behind totals.lua.
--
-- KEYS  1 position, 2 position of the copy, 3 the hash that the account is in, 4 that of the copy, then the leaderboard of each asset
--       listed
-- ARGV  1 the position of both, 2 the account, then the assets listed
--
-- Answers with the position that the shard has; any other than that of both means that nothing was changed. Behind it what was stored of
-- the account and what is stored now; each is left out when there is nothing, and is told by a word before it: was, is.

local call = redis.call

local SYSTEM = byte('@')

local stored = call('GET', KEYS[1]) or ''
if stored ~= ARGV[1] then
    return {stored}
end
if call('GET', KEYS[2]) ~= ARGV[1] then
    return redis.error_reply('ERR what was built is gone: another rebuild has taken its place')
end

local account = ARGV[2]
local old, new = call('HGET', KEYS[3], account), call('HGET', KEYS[4], account)

local function sums(text)
    local found = {}
    for asset, amounts in gmatch(text or '', '([^=,]+)=([^,]*)') do
        found[asset] = total(amounts)
    end
    return found
end

if byte(account) ~= SYSTEM then
    local before, after = sums(old), sums(new)
    for index = 3, #ARGV do
        local asset, board = ARGV[index], KEYS[2 + index]
        local wrong, right = before[asset] or '0', after[asset] or '0'
        call('ZREM', board, account, member(account, wrong))
        if right ~= '0' then
            local score = byte(right) == MINUS and sub(right, 2) or '-' .. right
            call('ZADD', board, score, member(account, right))
        end
    end
end
if new then
    call('HSET', KEYS[3], account, new)
else
    call('HDEL', KEYS[3], account)
end
local answer = {stored}
for word, text in pairs({was = old, is = new}) do
    if text then
        answer[#answer + 1] = word
        answer[#answer + 1] = text
    end
end
return answer
