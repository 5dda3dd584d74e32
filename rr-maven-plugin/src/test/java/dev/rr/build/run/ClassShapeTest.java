package dev.rr.build.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassShapeTest {
  private static final String BEFORE =
      """
      public class Sample implements Runnable {
        static final int LIMIT = 3;
        private long big = 1L << 40;
        public void run() { System.out.println("one" + LIMIT); }
        private void inner() {}
      }
      """;

  @TempDir Path folder;

  private String shape(String source) throws Exception {
    Path file = Files.writeString(folder.resolve("Sample.java"), source);
    int exit =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-proc:none", "-d", folder.toString(), file.toString());
    assertThat(exit).isZero();
    return ClassShape.of(Files.readAllBytes(folder.resolve("Sample.class")));
  }

  @Test
  void bodiesAndPrivateMembersDoNotShow() throws Exception {
    String before = shape(BEFORE);
    assertThat(shape(BEFORE.replace("\"one\"", "\"another\""))).isEqualTo(before);
    assertThat(
            shape(
                BEFORE
                    .replace("private void inner()", "private int other(int x)")
                    .replace("{}", "{ return x; }")))
        .isEqualTo(before);
    assertThat(shape(BEFORE.replace("1L << 40", "1L << 50"))).isEqualTo(before);
  }

  @Test
  void typesMembersAndConstantsShow() throws Exception {
    String before = shape(BEFORE);
    assertThat(shape(BEFORE.replace("LIMIT = 3", "LIMIT = 4"))).isNotEqualTo(before);
    assertThat(shape(BEFORE.replace("private void inner", "void inner"))).isNotEqualTo(before);
    assertThat(shape(BEFORE.replace(" implements Runnable", ""))).isNotEqualTo(before);
    assertThat(shape(BEFORE.replace("public class", "class"))).isNotEqualTo(before);
  }

  @Test
  void everyKindOfConstantIsRead() throws Exception {
    try (InputStream in =
        Objects.requireNonNull(ClassShapeTest.class.getResourceAsStream("ClassShapeTest.class"))) {
      assertThat(ClassShape.of(in.readAllBytes())).contains("everyKindOfConstantIsRead ()V");
    }
    try (InputStream in =
        Objects.requireNonNull(Object.class.getResourceAsStream("/java/util/HashMap.class"))) {
      assertThat(ClassShape.of(in.readAllBytes()))
          .contains("java/util/AbstractMap")
          .contains("put (Ljava/lang/Object;Ljava/lang/Object;)Ljava/lang/Object;");
    }
  }
}
