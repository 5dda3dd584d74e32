package dev.rr.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.build.BuildException;
import org.junit.jupiter.api.Test;

class CompilerSettingsTest {
  @Test
  void processorsTheirOptionsAndTheReleaseAreRead() throws Exception {
    CompilerSettings settings =
        CompilerSettings.of(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <configuration>
              <proc>full</proc>
              <release>25</release>
              <compilerArgs>
                <arg>-Amode=fast</arg>
                <arg>-Xplugin:ErrorProne</arg>
              </compilerArgs>
              <annotationProcessorPaths>
                <path>
                  <groupId>dev.rr</groupId>
                  <artifactId>rr-processor</artifactId>
                  <version>1.0</version>
                </path>
                <path>
                  <groupId>com.example</groupId>
                  <artifactId>mapper</artifactId>
                </path>
              </annotationProcessorPaths>
            </configuration>
            """);
    assertThat(settings.processors())
        .containsExactly("dev.rr:rr-processor:1.0", "com.example:mapper");
    assertThat(settings.processorOptions()).containsExactly("-Amode=fast");
    assertThat(settings.release()).contains("25");
  }

  @Test
  void aProjectMaySayNothing() throws Exception {
    assertThat(CompilerSettings.of(null).processors()).isEmpty();
    assertThat(CompilerSettings.of("<configuration/>").release()).isEmpty();
  }

  @Test
  void whatIsNoXmlIsSaid() {
    assertThatThrownBy(() -> CompilerSettings.of("configuration"))
        .isInstanceOf(BuildException.class)
        .hasMessageContaining("maven-compiler-plugin");
  }
}
