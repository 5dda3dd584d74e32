package dev.rr.journal;

import java.io.IOException;
import java.nio.file.Path;

/** A file is no journal, or is one in which something behind the damage had been acknowledged. */
public final class DamagedJournalException extends IOException {
  private static final long serialVersionUID = 1L;

  DamagedJournalException(Path file, String what) {
    super(file + " " + what);
  }
}
