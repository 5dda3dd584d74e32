package dev.rr.plugin.kv;

/** The RPC methods, with upstream's names for what they do. */
enum KvMethod {
  HAS("has", "rpc_has"),
  SET("set", "rpc_set"),
  MGET("mget", "rpc_mget"),
  MEXPIRE("mexpire", "rpc_mexpire"),
  TTL("ttl", "rpc_ttl"),
  // Spelt so upstream, for both.
  DELETE("delete", "rcp_delete"),
  CLEAR("clear", "rcp_delete");

  private final String label;
  private final String span;
  private final String operation;

  KvMethod(String label, String operation) {
    this.label = label;
    this.span = "kv:" + label;
    this.operation = operation;
  }

  /** In metrics. */
  String label() {
    return label;
  }

  /** In traces. */
  String span() {
    return span;
  }

  /** In errors. */
  String operation() {
    return operation;
  }
}
