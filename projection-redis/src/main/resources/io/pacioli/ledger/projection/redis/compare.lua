-- Reads a part of a shard to be compared with another copy of it. Behind totals.lua.
--
-- KEYS  1 position, 2 assets, then the leaderboard of each asset listed, then hashes of accounts
-- ARGV  the assets listed
--
-- Answers with the position, empty when there is none; how many assets the shard knows; each of them with its definition; each asset
-- listed with the size of its leaderboard; then all accounts of the hashes, each with what is stored of it and, empty when there are
-- none, the assets on whose leaderboards it does not stand as it should, with commas between.

local call = redis.call

local SYSTEM = byte('@')

local answer = {call('GET', KEYS[1]) or ''}
local definitions = call('HGETALL', KEYS[2])
answer[2] = tostring(#definitions / 2)
for _, text in ipairs(definitions) do
    answer[#answer + 1] = text
end
local boards, listed = {}, #ARGV
for index = 1, listed do
    boards[ARGV[index]] = KEYS[2 + index]
    answer[#answer + 1] = ARGV[index]
    answer[#answer + 1] = tostring(call('ZCARD', KEYS[2 + index]))
end

local function ranked(board, account, sum)
    local score = call('ZSCORE', board, member(account, sum))
    -- Scores of totals that are too long to be exact are compared as Redis reads them.
    return score and tonumber(score) == -(tonumber(sum) or 0)
end

for index = 3 + listed, #KEYS do
    local texts = call('HGETALL', KEYS[index])
    for field = 1, #texts, 2 do
        local account, stored, misplaced = texts[field], texts[field + 1], {}
        if byte(account) ~= SYSTEM then
            for asset, amounts in gmatch(stored, '([^=,]+)=([^,]*)') do
                local sum = total(amounts)
                local board = boards[asset]
                if sum ~= '0' and not (board and ranked(board, account, sum)) then
                    misplaced[#misplaced + 1] = asset
                end
            end
        end
        answer[#answer + 1] = account
        answer[#answer + 1] = stored
        answer[#answer + 1] = table.concat(misplaced, ',')
    end
end
return answer
