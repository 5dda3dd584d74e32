package dev.rr.plugin.kv;

/** A storage that is not there; the PHP package looks for this text. */
final class NoSuchStorage extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private NoSuchStorage(String message) {
    super(message);
  }

  static NoSuchStorage named(String name) {
    return new NoSuchStorage(name.isEmpty() ? "no storage provided" : "no such storage: " + name);
  }
}
