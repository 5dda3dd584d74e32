package dev.rr.grpcphp;

import java.util.Locale;
import java.util.Set;

/** Names in PHP, as the generators of its messages make them. */
final class PhpNames {
  private static final Set<String> RESERVED =
      Set.of(
          ("abstract and array as break callable case catch class clone const continue declare"
                  + " default die do echo else elseif empty enddeclare endfor endforeach endif"
                  + " endswitch endwhile eval exit extends final finally fn for foreach function"
                  + " global goto if implements include include_once instanceof insteadof interface"
                  + " isset list match namespace new or parent print private protected public"
                  + " readonly require require_once return self static switch throw trait try unset"
                  + " use var while xor yield int float bool string true false null void iterable")
              .split(" "));

  private PhpNames() {}

  /** {@code some_name} becomes {@code SomeName}, {@code HTTPServer} stays. */
  static String camel(String name) {
    StringBuilder camel = new StringBuilder();
    boolean first = true;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if ("_ :-".indexOf(c) >= 0) {
        first = true;
      } else {
        camel.append(first ? Character.toUpperCase(c) : c);
        first = false;
      }
    }
    return camel.toString();
  }

  /** A package as a namespace, without a separator at either end. */
  static String namespace(String in) {
    StringBuilder namespace = new StringBuilder();
    for (String part : in.split("\\.")) {
      if (!part.isEmpty()) {
        namespace.append(namespace.length() == 0 ? "" : "\\").append(camel(part));
      }
    }
    return namespace.toString();
  }

  /** A class's name; one that PHP has for itself gets letters before it. */
  static String type(String name, String in) {
    String type = camel(name);
    if (!RESERVED.contains(type.toLowerCase(Locale.ROOT))) {
      return type;
    }
    return (in.equals("google.protobuf") ? "GPB" : "PB") + type;
  }
}
