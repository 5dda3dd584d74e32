package dev.rr.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The file of a journal: a head, and frames behind each other. A frame is what was synced at once:
 * its length, a checksum, and records, each behind its length. All numbers are big-endian. The
 * checksum goes over the one of the frame before as well, so what an older write left behind is
 * never taken for a frame.
 *
 * <p>The file is filled with zeros ahead of what is written, so that a sync has no new size to
 * write down, and the mapping need not grow with each frame. So zeros stand behind the last frame,
 * and nothing else does, but for a frame that a crash cut off.
 *
 * <p>One thread opens, loads and writes; any thread reads what has been written, through a mapping,
 * as an interrupt would close the channel for all.
 */
final class JournalFile implements Closeable, JournalReader {
  /** The largest record. */
  static final int MAX_RECORD = 256 << 20;

  /** What a frame takes beside its records, and a record beside its bytes. */
  static final int FRAME_HEAD = 8;

  static final int RECORD_HEAD = 4;

  /** Records are put into one frame until it has so many bytes. */
  static final int FULL_FRAME = 8 << 20;

  private static final int HEAD = 16;
  private static final long MAGIC = 0x72722d6a726e6c01L; // "rr-jrnl", version 1
  private static final int MAX_FRAME = MAX_RECORD + RECORD_HEAD + FULL_FRAME;
  private static final int LEAST_AHEAD = 256 << 10;
  private static final int MOST_AHEAD = 16 << 20;

  private Path path;
  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
  private final CRC32C crc = new CRC32C();

  /** Where the next frame goes. */
  private long end = HEAD;

  /** How large the file is. */
  private long size;

  /** The checksum of the frame before. */
  private int chain;

  private final Mapping mapping;
  private long cutOff;

  /** Takes in a record while a file is loaded. */
  @FunctionalInterface
  interface Records {
    void take(ByteBuffer record, long at);
  }

  private JournalFile(Path path, FileChannel channel) throws IOException {
    this.path = path;
    this.channel = channel;
    this.size = channel.size();
    readHead();
    this.mapping = new Mapping(channel);
  }

  /**
   * Opens a file for this process alone, and makes it where it is missing.
   *
   * @param permissions of a file that is made, less what the umask takes away
   * @return null when another process has it open
   */
  static @Nullable JournalFile open(Path path, Set<PosixFilePermission> permissions)
      throws IOException {
    while (true) {
      Object before = identity(path);
      FileChannel channel =
          FileChannel.open(
              path,
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(permissions));
      try {
        FileLock lock = channel.tryLock();
        if (lock == null) {
          channel.close();
          return null;
        }
        // Whoever had it may have put another file in its place before he let go of this one.
        if (before != null && Objects.equals(before, identity(path))) {
          return new JournalFile(path, channel);
        }
        channel.close();
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    }
  }

  /** Makes a file beside another, to take its place; what a crash left there before is gone. */
  static JournalFile beside(Path path, String suffix) throws IOException {
    Path fresh = path.resolveSibling(path.getFileName() + suffix);
    Files.deleteIfExists(fresh);
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
    JournalFile file = open(fresh, permissions);
    if (file == null) {
      throw new IOException(fresh + " is open in another process");
    }
    // The umask is for files that are made anew.
    Files.setPosixFilePermissions(fresh, permissions);
    return file;
  }

  private static @Nullable Object identity(Path path) throws IOException {
    try {
      BasicFileAttributes is = Files.readAttributes(path, BasicFileAttributes.class);
      return is.fileKey() == null ? path : is.fileKey();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private void readHead() throws IOException {
    ByteBuffer head = ByteBuffer.allocate(HEAD);
    while (head.hasRemaining() && channel.read(head, head.position()) >= 0) {
      // Short reads are allowed.
    }
    if (!head.hasRemaining() && head.getLong(0) == MAGIC) {
      chain = checksum(head.getLong(Long.BYTES));
    } else if (isCutOff(head.flip())) {
      writeHead();
    } else {
      throw new DamagedJournalException(path, "holds something else than a store of rr");
    }
  }

  /** Whether a crash came while the head was written: a part of it stands there, or zeros. */
  private boolean isCutOff(ByteBuffer head) {
    if (size > HEAD) {
      return false;
    }
    byte[] magic = ByteBuffer.allocate(Long.BYTES).putLong(MAGIC).array();
    boolean zeros = true;
    boolean begun = true;
    for (int i = 0; i < head.limit(); i++) {
      zeros &= head.get(i) == 0;
      begun &= i >= magic.length || head.get(i) == magic[i];
    }
    return zeros || begun && size < HEAD;
  }

  private void writeHead() throws IOException {
    long id = new SecureRandom().nextLong();
    write(ByteBuffer.allocate(HEAD).putLong(MAGIC).putLong(id).flip(), 0);
    size = Math.max(size, HEAD);
    chain = checksum(id);
    force();
    syncFolder(path);
  }

  private int checksum(long id) {
    crc.reset();
    crc.update(ByteBuffer.allocate(8).putLong(id).flip());
    return (int) crc.getValue();
  }

  /** What is written there is found after a crash, under its name. */
  static void syncFolder(Path path) throws IOException {
    try (FileChannel folder = FileChannel.open(folder(path), StandardOpenOption.READ)) {
      folder.force(true);
    } catch (IOException e) {
      throw new UnsyncedException(path, e);
    }
  }

  private static Path folder(Path path) {
    return Objects.requireNonNull(path.toAbsolutePath().getParent());
  }

  /**
   * Reads all frames. Cuts off what stands behind the last that is whole.
   *
   * @throws DamagedJournalException when that was no write that a crash cut off
   */
  void load(Records records) throws IOException {
    mapping.remap(channel);
    while (true) {
      int length = wholeFrame(end, chain);
      if (length < 0) {
        break;
      }
      takeFrame(end, records);
      chain = checksumAt(end);
      end += FRAME_HEAD + length;
    }
    long last = lastNonZero();
    if (last >= end) {
      refuseDamage(last);
      cutOff = last + 1 - end;
      truncate();
      mapping.remap(channel);
    }
  }

  /** How many bytes a crash had left behind the last whole frame. */
  long cutOff() {
    return cutOff;
  }

  private void refuseDamage(long last) throws IOException {
    int length = lengthAt(end);
    boolean plausible = length > 0 && length <= MAX_FRAME && end + FRAME_HEAD <= size;
    long most = plausible ? end + FRAME_HEAD + length : end + FRAME_HEAD + MAX_FRAME;
    // A crash leaves at most a part of one frame; a frame behind a broken one was acknowledged.
    if (last >= most || plausible && wholeFrame(most, checksumAt(end)) >= 0) {
      throw new DamagedJournalException(
          path,
          "is damaged at byte "
              + end
              + ": what stands behind it cannot be trusted. Restore a copy, or keep what stands"
              + " before it: truncate -s "
              + end
              + ' '
              + path);
    }
  }

  /** The last byte that is not zero, at {@link #end} or behind it; else something before. */
  private long lastNonZero() {
    long at = size - 1;
    while (at >= end && mapping.byteAt(at) == 0) {
      at--;
    }
    return at;
  }

  private int lengthAt(long at) {
    return at + FRAME_HEAD > size ? 0 : mapping.intAt(at);
  }

  private int checksumAt(long at) {
    return mapping.intAt(at + Integer.BYTES);
  }

  /** The length of the frame that stands there; negative when none does, or not whole. */
  private int wholeFrame(long at, int before) {
    int length = lengthAt(at);
    if (length <= 0 || length > MAX_FRAME || at + FRAME_HEAD + length > size) {
      return -1;
    }
    begin(before, length);
    crc.update(mapping.slice(at + FRAME_HEAD, length));
    return (int) crc.getValue() == checksumAt(at) ? length : -1;
  }

  private void begin(int before, int length) {
    crc.reset();
    crc.update(ByteBuffer.allocate(8).putInt(before).putInt(length).flip());
  }

  /** Hands over the records of a whole frame, and answers where it ends. */
  long takeFrame(long at, Records records) {
    int length = lengthAt(at);
    ByteBuffer frame = mapping.slice(at + FRAME_HEAD, length);
    while (frame.hasRemaining()) {
      int bytes = frame.getInt();
      ByteBuffer record = frame.slice(frame.position(), bytes);
      records.take(record, at + FRAME_HEAD + frame.position());
      frame.position(frame.position() + bytes);
    }
    return at + FRAME_HEAD + length;
  }

  /**
   * Writes records behind those that are there, as one frame, and syncs. When it fails nothing of
   * them is there, unless the file {@linkplain UnsyncedException is of no use any more}.
   *
   * @return where the frame stands
   */
  long append(List<byte[]> records) throws IOException {
    int length = 0;
    for (byte[] record : records) {
      length = Math.addExact(length, RECORD_HEAD + record.length);
    }
    int checksum = checksum(records, length);
    long at = end;
    fillAhead(at + FRAME_HEAD + length);
    try {
      writeFrame(records, length, checksum, at);
    } catch (IOException e) {
      truncate();
      throw e;
    }
    try {
      force();
    } catch (IOException e) {
      throw new UnsyncedException(path, e);
    }
    end = at + FRAME_HEAD + length;
    chain = checksum;
    if (end > mapping.size()) {
      mapping.remap(channel);
    }
    return at;
  }

  private int checksum(List<byte[]> records, int length) {
    begin(chain, length);
    byte[] head = new byte[RECORD_HEAD];
    for (byte[] record : records) {
      ByteBuffer.wrap(head).putInt(record.length);
      crc.update(head);
      crc.update(record);
    }
    return (int) crc.getValue();
  }

  private void writeFrame(List<byte[]> records, int length, int checksum, long at)
      throws IOException {
    buffer.clear().putInt(length).putInt(checksum);
    long to = at;
    for (byte[] record : records) {
      if (buffer.remaining() < RECORD_HEAD) {
        to = flush(to);
      }
      buffer.putInt(record.length);
      for (int done = 0; done < record.length; ) {
        if (!buffer.hasRemaining()) {
          to = flush(to);
        }
        int part = Math.min(buffer.remaining(), record.length - done);
        buffer.put(record, done, part);
        done += part;
      }
    }
    size = Math.max(size, flush(to));
  }

  private long flush(long to) throws IOException {
    int bytes = buffer.flip().remaining();
    write(buffer, to);
    buffer.clear();
    return to + bytes;
  }

  private void write(ByteBuffer bytes, long at) throws IOException {
    long to = at;
    while (bytes.hasRemaining()) {
      to += channel.write(bytes, to);
    }
  }

  /** Fills up with zeros when not enough of them are left; as long as the disk has room for it. */
  private void fillAhead(long needed) {
    if (needed <= size) {
      return;
    }
    long ahead = Math.clamp(needed / 4, LEAST_AHEAD, MOST_AHEAD);
    ByteBuffer zeros = ByteBuffer.allocateDirect(64 << 10);
    long to = size;
    try {
      while (to < needed + ahead) {
        zeros.clear();
        write(zeros, to);
        to += zeros.capacity();
      }
      size = to;
      mapping.remap(channel);
    } catch (IOException full) {
      // The frame itself may still have room.
      truncateQuietly();
    }
  }

  private void truncateQuietly() {
    try {
      truncate();
    } catch (IOException e) {
      // Then zeros stay where they are.
    }
  }

  /** Cuts off what stands behind the last frame. Nobody reads there. */
  private void truncate() throws IOException {
    channel.truncate(end);
    size = end;
  }

  private void force() throws IOException {
    channel.force(false);
  }

  @Override
  public byte[] read(long at, int length) {
    return mapping.read(at, length);
  }

  Path path() {
    return path;
  }

  /** Where the next frame goes; all before it is whole. */
  long end() {
    return end;
  }

  /** Where the first frame stands. */
  static long begin() {
    return HEAD;
  }

  /**
   * Puts this file under another's name, whatever stands there. A crash may undo that until the
   * folder {@linkplain #syncFolder is synced}.
   */
  void rename(Path other) throws IOException {
    Files.move(path, other, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    path = other;
  }

  @Override
  public void close() throws IOException {
    if (channel.isOpen()) {
      channel.close();
      mapping.close();
    }
  }
}
