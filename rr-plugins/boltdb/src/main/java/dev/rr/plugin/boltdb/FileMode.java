package dev.rr.plugin.boltdb;

import dev.rr.api.config.Section;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/** The mode of a file as configurations write it. */
final class FileMode {
  private static final int LARGEST = 0777;

  /** What 0 stands for, as upstream has it. */
  private static final int DEFAULT = 0755;

  private static final PosixFilePermission[] BITS = PosixFilePermission.values();

  private FileMode() {}

  /**
   * The permissions of a mode; 0 is the default. YAML's {@code 0755} is 493 by now. {@code 755}
   * without the zero is what many files have; as a number it is no mode, so its digits are taken
   * for what they mean.
   *
   * @throws IllegalArgumentException when it is neither
   */
  static Set<PosixFilePermission> of(int number) {
    int mode = number > LARGEST ? octal(number) : number == 0 ? DEFAULT : number;
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (int bit = 0; bit < BITS.length; bit++) {
      // The first constant is the owner's right to read, the highest bit.
      if ((mode & 1 << BITS.length - 1 - bit) != 0) {
        permissions.add(BITS[bit]);
      }
    }
    return permissions;
  }

  /** Records what is wrong with the keys {@code file} and {@code permissions}. */
  static void check(String file, int permissions, Section at) {
    if (file.isEmpty()) {
      at.problem("file", "must name a file");
    }
    at.parse("permissions", () -> of(permissions));
  }

  private static int octal(int number) {
    String digits = Integer.toString(number);
    if (!digits.matches("[0-7]{3}")) {
      throw new IllegalArgumentException("must be a mode such as 0644, at most 0777");
    }
    return Integer.parseInt(digits, 8);
  }
}
