import type { Argument } from "../../src/protocol/resp.ts";

/**
 * Realistic calls, one a line; `""` stands for an empty argument. Between them they have every form
 * of key specification, and every command that reads a key. The keys that are read are
 * those of {@link fixtures}.
 */
const CALLS = `
GET str
get str
GETRANGE str 0 -1
SUBSTR str 0 2
STRLEN str
GETEX str
GETEX str EX 10
GETDEL gone
SET str v GET
SET str v EX 10 NX
SETEX gone 10 v
MGET str other {str}:2
MSET a 1 b 2 c 3
MSETNX a 1 b 2
MSETEX 2 a 1 b 2 EX 10
APPEND str x
INCRBYFLOAT n 1.5
LCS str other
LCS str other LEN
LCS str other IDX MINMATCHLEN 4 WITHMATCHLEN
DIGEST str
DELEX str IFEQ v
BITCOUNT str
BITCOUNT str 0 -1 BYTE
BITPOS str 1
GETBIT str 7
SETBIT str 7 1
BITOP AND dest str other
BITOP NOT dest str
BITFIELD str GET u8 0
BITFIELD str GET u8 0 GET u8 8
BITFIELD str SET u8 0 1 GET u8 0
BITFIELD_RO str GET u8 0
DEL a b c
UNLINK a b c
EXISTS str other none
TOUCH str other none
TYPE str
TTL str
PTTL str
EXPIRETIME str
PEXPIRETIME str
EXPIRE str 100 NX
PERSIST str
RENAME a b
COPY a b
COPY a b DB 1 REPLACE
MOVE a 1
DUMP str
RESTORE a 0 payload REPLACE
OBJECT ENCODING str
OBJECT REFCOUNT str
OBJECT IDLETIME str
object encoding str
MEMORY USAGE str
MEMORY USAGE list SAMPLES 5
SORT list ALPHA
SORT list BY w_* LIMIT 0 5 GET # GET o_* ALPHA
SORT list ALPHA STORE dest
SORT list BY store GET store STORE dest
SORT list STORE one ALPHA STORE two
SORT_RO list ALPHA
SORT_RO list BY w_* GET # ALPHA
MIGRATE 127.0.0.1 6379 a 0 100
MIGRATE 127.0.0.1 6379 a 0 100 COPY REPLACE
MIGRATE 127.0.0.1 6379 "" 0 100 KEYS a b c
MIGRATE 127.0.0.1 6379 "" 0 100 COPY REPLACE AUTH keys KEYS a b
MIGRATE 127.0.0.1 6379 "" 0 100 AUTH2 keys keys KEYS a b
RANDOMKEY
KEYS *
SCAN 0 MATCH a* COUNT 10
DBSIZE
PING
ECHO hello
LPUSH a 1 2 3
LRANGE list 0 -1
LLEN list
LINDEX list 0
LPOS list x
LMOVE a b LEFT RIGHT
BLMOVE a b LEFT RIGHT 1
RPOPLPUSH a b
BRPOPLPUSH a b 1
BLPOP a b c 0
BRPOP a 1.5
LMPOP 2 a b LEFT COUNT 2
BLMPOP 1 2 a b LEFT COUNT 2
SADD a 1 2
SMEMBERS set
SCARD set
SISMEMBER set x
SMISMEMBER set x y
SRANDMEMBER set 2
SPOP set
SSCAN set 0
SMOVE a b x
SINTER set set2
SUNION set set2
SDIFF set set2
SINTERSTORE dest a b
SUNIONSTORE dest a b
SDIFFSTORE dest a b
SINTERCARD 2 set set2
SINTERCARD 2 set set2 LIMIT 1
HSET a f v g w
HSETNX a f v
HGET hash f
HMGET hash f g
HGETALL hash
HKEYS hash
HVALS hash
HLEN hash
HSTRLEN hash f
HEXISTS hash f
HRANDFIELD hash 2 WITHVALUES
HSCAN hash 0 COUNT 5
HEXPIRE a 10 FIELDS 2 f g
HTTL hash FIELDS 1 f
HPTTL hash FIELDS 1 f
HEXPIRETIME hash FIELDS 1 f
HPEXPIRETIME hash FIELDS 1 f
HGETEX hash FIELDS 1 f
HGETEX hash EX 10 FIELDS 1 f
HSETEX a EX 10 FIELDS 1 f v
HGETDEL a FIELDS 1 f
ZADD a NX 1 x 2 y
ZADD a INCR 1 x
ZCARD zset
ZCOUNT zset -inf +inf
ZLEXCOUNT zset - +
ZRANGE zset 0 -1 WITHSCORES
ZRANGE zset (1 5 BYSCORE LIMIT 0 1
ZRANGEBYSCORE zset 0 9
ZRANGEBYLEX zset - +
ZREVRANGE zset 0 -1
ZREVRANGEBYSCORE zset 9 0
ZREVRANGEBYLEX zset + -
ZRANK zset x
ZREVRANK zset x
ZSCORE zset x
ZMSCORE zset x y
ZRANDMEMBER zset 2
ZSCAN zset 0
ZRANGESTORE dest zset 0 -1
ZUNION 2 zset zset2 WEIGHTS 1 2 AGGREGATE MAX WITHSCORES
ZINTER 2 zset zset2
ZDIFF 2 zset zset2
ZINTERCARD 2 zset zset2 LIMIT 3
ZUNIONSTORE dest 2 a b WEIGHTS 1 2
ZINTERSTORE dest 1 a
ZDIFFSTORE dest 3 a b c
ZMPOP 1 a MIN
BZMPOP 0 2 a b MAX COUNT 3
BZPOPMIN a b 1
ZPOPMAX a 2
GEOADD a 13 38 x
GEOPOS geo x
GEODIST geo x y km
GEOHASH geo x
GEOSEARCH geo FROMMEMBER x BYRADIUS 200 km ASC
GEOSEARCHSTORE dest geo FROMLONLAT 15 37 BYBOX 400 400 km STOREDIST
GEORADIUS geo 15 37 200 km WITHDIST
GEORADIUS geo 15 37 200 km STORE dest
GEORADIUS geo 15 37 200 km COUNT 3 ASC STOREDIST dest
GEORADIUSBYMEMBER geo x 200 km
GEORADIUSBYMEMBER geo x 200 km STORE dest
GEORADIUS_RO geo 15 37 200 km
GEORADIUSBYMEMBER_RO geo x 200 km
PFADD a x y
PFCOUNT hll
PFCOUNT hll hll2
PFMERGE dest a b
XADD a NOMKSTREAM MAXLEN ~ 100 * f v
XLEN stream
XRANGE stream - + COUNT 2
XREVRANGE stream + -
XREAD STREAMS stream 0
XREAD COUNT 2 BLOCK 1 STREAMS stream stream2 0 0
XREAD STREAMS streams stream 0 0
XREADGROUP GROUP g c STREAMS a >
XREADGROUP GROUP streams c COUNT 1 NOACK STREAMS a b > >
XGROUP CREATE a g $ MKSTREAM
XGROUP DESTROY a g
XINFO STREAM stream FULL
XINFO GROUPS stream
XINFO CONSUMERS stream g
XPENDING stream g
XPENDING stream g - + 10
XACK a g 1-1
XCLAIM a g c 0 1-1
XAUTOCLAIM a g c 0 0
XDEL a 1-1
XTRIM a MAXLEN = 5
XSETID a 1-1
EVAL return(1) 0
EVAL return(1) 2 a b x y
EVALSHA 0000000000000000000000000000000000000000 1 a x
EVAL_RO return(redis.call('GET',KEYS[1])) 1 str
EVALSHA_RO bfef805d9dcd9d3857da9372933ef22c17736f58 1 str
FCALL f 2 a b x
FCALL_RO f 1 str x
PUBLISH channel message
SPUBLISH channel message
SSUBSCRIBE one two
WATCH a b
CLIENT LIST
CONFIG GET maxmemory
COMMAND GETKEYS GET a
VADD a VALUES 2 1 0 x
VCARD vec
VDIM vec
VEMB vec x
VGETATTR vec x
VINFO vec
VISMEMBER vec x
VLINKS vec x
VRANDMEMBER vec 2
VRANGE vec - + 5
VSIM vec VALUES 2 1 0 COUNT 3
VREM a x
`;

const FIXTURE_CALLS = `
SET str value
SET other valid
RPUSH list b a c
SADD set x y z
SADD set2 y z
HSET hash f 1 g 2
ZADD zset 1 x 2 y 3 z
ZADD zset2 5 y
GEOADD geo 13.36 38.11 x 15.08 37.50 y
PFADD hll x y z
PFADD hll2 z
XADD stream 1-1 f v
XADD stream2 1-1 f v
XADD streams 1-1 f v
XGROUP CREATE stream g 0
XREADGROUP GROUP g c COUNT 1 STREAMS stream >
VADD vec VALUES 2 1 0 x SETATTR {}
VADD vec VALUES 2 0 1 y
`;

/** See {@link CALLS}. */
export const calls: readonly Argument[][] = split(CALLS);
/** Commands that make the keys which the calls read. */
export const fixtures: readonly Argument[][] = split(FIXTURE_CALLS);

function split(text: string): string[][] {
  const lines = text.trim().split("\n");
  return lines.map((line) => line.split(" ").map((word) => (word === '""' ? "" : word)));
}
