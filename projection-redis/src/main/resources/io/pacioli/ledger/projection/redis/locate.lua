-- Tells where a shard stands, and what the server that has it does when its memory is full.
--
-- KEYS  1 position
--
-- Answers with the position, empty when there is none, and the memory section of INFO.

return {redis.call('GET', KEYS[1]) or '', redis.call('INFO', 'memory')}
