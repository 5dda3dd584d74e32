package dev.rr.api.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChoiceTest {
  private static final Catalogue CATALOGUE =
      new Catalogue(
          List.of(
              entry("boltdb", "boltdb", true),
              entry("memory", "memory", true),
              entry("redis", "valkey", false),
              entry("other", "boltdb", false)));

  private final Choice<Runnable> choice = new Choice<>(Runnable.class, "driver", CATALOGUE);
  private final Runnable memory = () -> {};

  ChoiceTest() {
    choice.add("memory", memory);
  }

  private static Catalogue.Entry entry(String id, String name, boolean builtIn) {
    return new Catalogue.Entry(
        id,
        "a:" + id + ":1",
        builtIn,
        List.of(),
        List.of(Catalogue.Offer.of(Runnable.class, name)));
  }

  @Test
  void findsALiveOfferByItsName() {
    assertThat(choice.find("memory")).containsSame(memory);
    assertThat(choice.find("boltdb")).isEmpty();
  }

  @Test
  void keepsTheFirstOfTwoUnderOneName() {
    choice.add("memory", () -> {});

    assertThat(choice.find("memory")).containsSame(memory);
  }

  @Test
  void knowsTheNamesOfThisBinaryAndOfOthers() {
    choice.add("own", () -> {});

    assertThat(choice.names()).containsExactly("boltdb", "memory", "own", "valkey");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "boltdb|'boltdb' is switched off, see rr plugins",
        "valkey|'valkey' is not in this binary; add a:redis:1 to the build",
        "VALKEY|'VALKEY' is not in this binary; add a:redis:1 to the build",
        "redis|'redis' is the plugin; did you mean its driver 'valkey'?",
        "memroy|'memroy' is no driver; there are boltdb, memory, valkey; did you mean 'memory'?",
        "Memory|'Memory' is no driver; there are boltdb, memory, valkey; did you mean 'memory'?",
        "kafka|'kafka' is no driver; there are boltdb, memory, valkey",
        "\"\"|is missing; there are boltdb, memory, valkey",
      })
  void saysWhyThereIsNoOffer(String name, String message) {
    assertThat(choice.missing(name)).isEqualTo(message);
  }

  @Test
  void tellsASwitchedOffOfferFromALiveAndFromAnUnknownOne() {
    assertThat(choice.isSwitchedOff("boltdb")).isTrue();
    assertThat(choice.isSwitchedOff("memory")).isFalse();
    assertThat(choice.isSwitchedOff("valkey")).isFalse();
    assertThat(choice.isSwitchedOff("kafka")).isFalse();
  }

  @Test
  void saysThatThereIsNone() {
    assertThat(new Choice<>(Runnable.class, "driver", Catalogue.EMPTY).missing("redis"))
        .isEqualTo("'redis' is no driver; there is none in this binary");
  }
}
