/** Commands with a secret, and what is shown of them. */
export function secretive(
  secret: string,
): readonly (readonly [shown: string, ...argv: string[]])[] {
  return [
    ["AUTH ***", "AUTH", secret],
    ["auth ***", "auth", "user", secret],
    ["AUHT ***", "AUHT", secret],
    ["AUTH ***", `AUTH ${secret}`],
    ["Auth ***", `Auth user ${secret}`, secret],
    ["HELLO ***", "HELLO", "3", "AUTH", "user", secret],
    ["hallo ***", "hallo", "3", "AUTH", "user", secret],
    ["ACL SETUSER ann ***", "ACL", "SETUSER", "ann", "on", `>${secret}`, "(+get ~a*)"],
    ["acl setuser ann ***", "acl", "setuser", "ann", `<${secret}`],
    ["ACL SETUSR ***", "ACL", "SETUSR", "ann", `>${secret}`],
    ["ACL DRYRUN ann ***", "ACL", "DRYRUN", "ann", "AUTH", secret],
    ["CONFIG SET ***", "CONFIG", "SET", "requirepass", secret],
    ["config Set ***", "config", "Set", "maxmemory", "1", "masterauth", secret],
    ["CONFIG SET ***", "CONFIG", "SET", "TLS-key-file-pass", secret],
    ["CONFIG SETT ***", "CONFIG", "SETT", "requirepass", secret],
    ["CONFIG ***", `CONFIG SET requirepass ${secret}`],
    ["MIGRATE host 1 ***", "MIGRATE", "host", "1", "key", "0", "bad", "AUTH", secret],
    ["migrate host 1 ***", "migrate", "host", "1", "", "0", "1", "AUTH2", "u", secret, "KEYS", "k"],
    ["SENTINEL SET main ***", "SENTINEL", "SET", "main", "auth-pass", secret],
    ["sentinel set main ***", "sentinel", "set", "main", "auth-user", secret],
    ["SENTINEL CONFIG SET ***", "SENTINEL", "CONFIG", "SET", "sentinel-pass", secret],
    ["MODULE LOAD /none.so ***", "MODULE", "LOAD", "/none.so", "password", secret],
    ["MODULE LOADEX /none.so ***", "MODULE", "LOADEX", "/none.so", "CONFIG", "pass", secret],
    ["COMMAND GETKEYS AUTH ***", "COMMAND", "GETKEYS", "AUTH", secret],
    ["EVAL ***", "EVAL", `return '${secret}'`, "0"],
    ["SCRIPT LOAD ***", "SCRIPT", "LOAD", `return '${secret}'`],
    ["FUNCTION LOAD ***", "FUNCTION", "LOAD", `-- ${secret}`],
  ];
}
