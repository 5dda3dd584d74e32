package dev.rr.protofile;

/**
 * A proto file that cannot be read. The message is for the user: file, line, column, what is wrong.
 */
public final class ProtoSyntaxException extends Exception {
  private static final long serialVersionUID = 1L;

  ProtoSyntaxException(String file, int line, int column, String problem) {
    super(file + ":" + line + ":" + column + ": " + problem);
  }
}
