package dev.rr.protofile;

/** Cuts a proto file into words. It looks one word ahead, and no further. One thread. */
final class Lexer {
  /** What a word is. */
  enum Kind {
    /** A name or a keyword, which differ by place alone. */
    NAME,
    NUMBER,
    TEXT,
    SYMBOL,
    END
  }

  /**
   * A word.
   *
   * @param text as written; what it stands for where it is a text in quotes
   */
  record Token(Kind kind, String text, int line, int column) {
    boolean is(String symbol) {
      return kind != Kind.TEXT && text.equals(symbol);
    }

    /** As a message shows it. */
    String shown() {
      return kind == Kind.END ? "the end of the file" : "'" + text + "'";
    }
  }

  private final String file;
  private final String in;
  private int at;
  private int line = 1;
  private int lineBegan;
  private Token next;

  Lexer(String file, String in) throws ProtoSyntaxException {
    this.file = file;
    this.in = in;
    // A byte order mark, as editors on Windows leave it.
    this.at = in.startsWith("\ufeff") ? 1 : 0;
    this.next = read();
  }

  Token peek() {
    return next;
  }

  Token take() throws ProtoSyntaxException {
    Token taken = next;
    next = read();
    return taken;
  }

  ProtoSyntaxException fault(Token token, String problem) {
    return new ProtoSyntaxException(file, token.line(), token.column(), problem);
  }

  private ProtoSyntaxException faultHere(String problem) {
    return new ProtoSyntaxException(file, line, at - lineBegan + 1, problem);
  }

  private Token read() throws ProtoSyntaxException {
    skip();
    int column = at - lineBegan + 1;
    int from = at;
    if (at == in.length()) {
      return new Token(Kind.END, "", line, column);
    }
    char c = in.charAt(at);
    if (c == '"' || c == '\'') {
      return new Token(Kind.TEXT, text(c), line, column);
    }
    if (isNameStart(c)) {
      while (at < in.length() && isNamePart(in.charAt(at))) {
        at++;
      }
      return new Token(Kind.NAME, in.substring(from, at), line, column);
    }
    if (isDigit(c) || c == '.' && at + 1 < in.length() && isDigit(in.charAt(at + 1))) {
      number();
      return new Token(Kind.NUMBER, in.substring(from, at), line, column);
    }
    at++;
    return new Token(Kind.SYMBOL, String.valueOf(c), line, column);
  }

  private void number() {
    at++;
    while (at < in.length()) {
      char c = in.charAt(at);
      boolean sign = (c == '+' || c == '-') && "eE".indexOf(in.charAt(at - 1)) >= 0;
      if (!sign && !isNamePart(c) && c != '.') {
        return;
      }
      at++;
    }
  }

  private String text(char quote) throws ProtoSyntaxException {
    StringBuilder text = new StringBuilder();
    at++;
    while (true) {
      if (at == in.length() || in.charAt(at) == '\n') {
        throw faultHere("a text in quotes does not end on its line");
      }
      char c = in.charAt(at++);
      if (c == quote) {
        return text.toString();
      }
      text.append(c == '\\' ? escaped() : c);
    }
  }

  /** The few escapes that names of files have; those of bytes stand for themselves. */
  private char escaped() throws ProtoSyntaxException {
    if (at == in.length()) {
      throw faultHere("a text in quotes does not end on its line");
    }
    char c = in.charAt(at++);
    return switch (c) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> c;
    };
  }

  private void skip() throws ProtoSyntaxException {
    while (at < in.length()) {
      char c = in.charAt(at);
      if (c == '\n') {
        at++;
        line++;
        lineBegan = at;
      } else if (Character.isWhitespace(c)) {
        at++;
      } else if (in.startsWith("//", at)) {
        int end = in.indexOf('\n', at);
        at = end < 0 ? in.length() : end;
      } else if (in.startsWith("/*", at)) {
        comment();
      } else {
        return;
      }
    }
  }

  private void comment() throws ProtoSyntaxException {
    int end = in.indexOf("*/", at + 2);
    if (end < 0) {
      throw faultHere("a comment does not end");
    }
    for (; at < end; at++) {
      if (in.charAt(at) == '\n') {
        line++;
        lineBegan = at + 1;
      }
    }
    at = end + 2;
  }

  private static boolean isNameStart(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
  }

  private static boolean isNamePart(char c) {
    return isNameStart(c) || isDigit(c);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
