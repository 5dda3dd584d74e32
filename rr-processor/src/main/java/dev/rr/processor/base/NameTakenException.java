package dev.rr.processor.base;

/** A class that would be generated is there already. */
public final class NameTakenException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String name;

  NameTakenException(String name, Throwable cause) {
    super(name, cause);
    this.name = name;
  }

  /** The qualified name of the class. */
  public String name() {
    return name;
  }
}
