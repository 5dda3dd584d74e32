package dev.rr.build.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.build.BuildException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageNameTest {
  private static final String HASH = "sha256:" + "0f".repeat(32);

  @ParameterizedTest
  @CsvSource({
    "php, https://registry-1.docker.io/v2/library/php, latest",
    "php:8.4-cli, https://registry-1.docker.io/v2/library/php, 8.4-cli",
    "docker.io/acme/shop:1, https://registry-1.docker.io/v2/acme/shop, 1",
    "ghcr.io/a/b/c:x_y, https://ghcr.io/v2/a/b/c, x_y",
    "registry:5000/a, https://registry:5000/v2/a, latest",
    "localhost:5000/a:2, http://localhost:5000/v2/a, 2"
  })
  void namesAreReadAsDockerReadsThem(String text, String url, String reference) throws Exception {
    ImageName name = ImageName.parse("rr.base", text);
    assertThat(name.url()).isEqualTo(url);
    assertThat(name.reference()).isEqualTo(reference);
  }

  @Test
  void aDigestWinsOverATag() throws Exception {
    ImageName name = ImageName.parse("rr.base", "php:8.4@" + HASH);
    assertThat(name.reference()).isEqualTo(HASH);
    assertThat(name).hasToString("registry-1.docker.io/library/php@" + HASH);
  }

  @Test
  void whatIsNoNameIsShownWithTwoThatAre() {
    assertThatThrownBy(() -> ImageName.parse("rr.base", "PHP 8"))
        .isInstanceOf(BuildException.class)
        .hasMessage(
            "rr.base: \"PHP 8\" is no name of an image; such are php:8.4-cli and"
                + " registry.example.com/a/b:1");
  }
}
