package dev.rr.protofile;

import dev.rr.protofile.Lexer.Kind;
import dev.rr.protofile.Lexer.Token;
import java.util.LinkedHashMap;
import java.util.Map;

/** What every part of a proto file is made of: names, numbers, texts and options. One thread. */
final class Tokens {
  private final Lexer lexer;

  Tokens(Lexer lexer) {
    this.lexer = lexer;
  }

  Token peek() {
    return lexer.peek();
  }

  Token take() throws ProtoSyntaxException {
    return lexer.take();
  }

  ProtoSyntaxException fault(Token token, String problem) {
    return lexer.fault(token, problem);
  }

  ProtoSyntaxException unexpected(String wanted) {
    return lexer.fault(lexer.peek(), "expected " + wanted + ", found " + lexer.peek().shown());
  }

  boolean isNext(String word) {
    return lexer.peek().is(word);
  }

  /** Takes a word if it is this one. */
  boolean takes(String word) throws ProtoSyntaxException {
    if (isNext(word)) {
      lexer.take();
      return true;
    }
    return false;
  }

  void expect(String word) throws ProtoSyntaxException {
    if (!takes(word)) {
      throw unexpected("'" + word + "'");
    }
  }

  String name(String what) throws ProtoSyntaxException {
    if (peek().kind() != Kind.NAME) {
      throw unexpected(what);
    }
    return take().text();
  }

  /** A name of names with dots between, perhaps one before. */
  String path(String what) throws ProtoSyntaxException {
    StringBuilder path = new StringBuilder();
    if (takes(".")) {
      path.append('.');
    }
    path.append(name(what));
    while (takes(".")) {
      path.append('.').append(name(what));
    }
    return path.toString();
  }

  /** Texts that stand beside each other are one. */
  String text(String what) throws ProtoSyntaxException {
    if (peek().kind() != Kind.TEXT) {
      throw unexpected(what);
    }
    StringBuilder text = new StringBuilder();
    while (peek().kind() == Kind.TEXT) {
      text.append(take().text());
    }
    return text.toString();
  }

  int number(String what) throws ProtoSyntaxException {
    boolean negative = takes("-");
    if (peek().kind() != Kind.NUMBER) {
      throw unexpected(what);
    }
    Token digits = take();
    try {
      long value = Long.decode(digits.text());
      return Math.toIntExact(negative ? -value : value);
    } catch (NumberFormatException | ArithmeticException e) {
      throw fault(digits, "'" + digits.text() + "' is no whole number that fits here");
    }
  }

  /** The end of a range, where {@code max} stands for the highest number. */
  int end(int begin, int max) throws ProtoSyntaxException {
    if (!takes("to")) {
      return begin;
    }
    return takes("max") ? max : number("the end of a range");
  }

  /** Skips {@code option name = value;} from behind its keyword. */
  void skipOption() throws ProtoSyntaxException {
    Map.Entry<String, String> unused = option();
  }

  /** An option from behind its keyword: its name and its value as written. */
  Map.Entry<String, String> option() throws ProtoSyntaxException {
    Map.Entry<String, String> option = option(";");
    expect(";");
    return option;
  }

  /** Options in brackets, where there are any: simple names and their values as written. */
  Map<String, String> options() throws ProtoSyntaxException {
    Map<String, String> options = new LinkedHashMap<>();
    if (takes("[")) {
      do {
        Map.Entry<String, String> option = option("]");
        options.put(option.getKey(), option.getValue());
      } while (takes(","));
      expect("]");
    }
    return options;
  }

  private Map.Entry<String, String> option(String end) throws ProtoSyntaxException {
    StringBuilder name = new StringBuilder();
    while (!isNext("=")) {
      if (isNext(end) || peek().kind() == Kind.END) {
        throw unexpected("'='");
      }
      name.append(take().text());
    }
    expect("=");
    return Map.entry(name.toString(), value());
  }

  private String value() throws ProtoSyntaxException {
    if (isNext("{")) {
      skipBlock();
      return "";
    }
    String sign = takes("-") ? "-" : takes("+") ? "+" : "";
    return switch (peek().kind()) {
      case TEXT -> text("a value");
      case NAME -> sign + path("a value");
      case NUMBER -> sign + take().text();
      case SYMBOL, END -> throw unexpected("a value");
    };
  }

  /** Skips what stands in braces, whatever it is, with its braces. */
  void skipBlock() throws ProtoSyntaxException {
    expect("{");
    int depth = 1;
    while (depth > 0) {
      Token token = take();
      if (token.kind() == Kind.END) {
        throw fault(token, "a brace is not closed");
      }
      depth += token.is("{") ? 1 : token.is("}") ? -1 : 0;
    }
  }
}
