package dev.rr.plugin.boltdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileModeTest {
  @ParameterizedTest
  @CsvSource({
    "0, rwxr-xr-x",
    "493, rwxr-xr-x",
    "755, rwxr-xr-x",
    "644, rw-r--r--",
    "384, rw-------",
    "777, rwxrwxrwx"
  })
  void readsAModeWithAndWithoutItsZero(int number, String permissions) {
    assertThat(FileMode.of(number)).isEqualTo(PosixFilePermissions.fromString(permissions));
  }

  @Test
  void aNumberThatIsAModeIsTaken() {
    assertThat(FileMode.of(0750)).isEqualTo(PosixFilePermissions.fromString("rwxr-x---"));
  }

  @ParameterizedTest
  @ValueSource(ints = {788, 1755, 999})
  void refusesWhatIsNone(int number) {
    assertThatThrownBy(() -> FileMode.of(number)).hasMessageContaining("must be a mode such as");
  }
}
