package dev.rr.processor.descriptor;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * What classes are linked with of a contract. Immutable.
 *
 * @param name the qualified interface name
 * @param members its methods and constants, those it inherits among them, with erased types, as
 *     {@code java.lang.String greet(java.lang.String)}; sorted. Those that an implementation has to
 *     have begin with {@code abstract}
 */
public record ContractShape(String name, List<String> members) {
  /** Where the shapes of a jar's contracts stand; the file is {@code <name>.json}. */
  public static final String FOLDER = "META-INF/rr/contract/";

  private static final String ABSTRACT = "abstract ";

  /** Holds a copy of the list. */
  public ContractShape {
    members = List.copyOf(members);
  }

  /** The path of its file in the jar of the contract. */
  public static String path(String name) {
    return FOLDER + name + ".json";
  }

  /** SHA-256 of the members in hexadecimal digits: equal for equal shapes. */
  public String fingerprint() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of()
          .formatHex(digest.digest(String.join("\n", members).getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** The members without what says whether they have a body. */
  public List<String> signatures() {
    return members.stream().map(ContractShape::signature).toList();
  }

  /** The members that an implementation has to have. */
  public List<String> toImplement() {
    return members.stream()
        .filter(m -> m.startsWith(ABSTRACT))
        .map(ContractShape::signature)
        .toList();
  }

  private static String signature(String member) {
    return member.startsWith(ABSTRACT) ? member.substring(ABSTRACT.length()) : member;
  }
}
