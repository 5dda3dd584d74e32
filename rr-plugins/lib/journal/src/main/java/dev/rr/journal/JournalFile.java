package dev.rr.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Objects;
import java.util.Set;
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

  /** The largest frame behind its head: records to fill one but for a byte, and the largest. */
  static final int MAX_FRAME = MAX_RECORD + RECORD_HEAD + FULL_FRAME;

  private static final int LEAST_AHEAD = 256 << 10;
  private static final int MOST_AHEAD = 16 << 20;

  private Path path;
  private final FileChannel channel;
  private final Disk disk;
  private final Mapping mapping;
  private final JournalFrameReader reader;
  private final FrameWriter writer;

  /** Where the next frame goes. */
  private long end = FileHead.SIZE;

  /** How large the file is. */
  private long size;

  /** The checksum of the frame before. */
  private int chain;

  private long cutOff;

  private JournalFile(Path path, FileChannel channel, Disk disk) throws IOException {
    this.path = path;
    this.channel = channel;
    this.disk = disk;
    this.size = channel.size();
    readHead();
    this.mapping = new Mapping(channel, disk);
    this.reader = new JournalFrameReader(mapping);
    this.writer = new FrameWriter(channel);
  }

  /**
   * Opens a file for this process alone, and makes it where it is missing.
   *
   * @param permissions of a file that is made, less what the umask takes away
   * @return null when another process has it open
   */
  static @Nullable JournalFile open(Path path, Set<PosixFilePermission> permissions, Disk disk)
      throws IOException {
    FileChannel channel = LockedChannel.open(path, permissions);
    if (channel == null) {
      return null;
    }
    try {
      return new JournalFile(path, channel, disk);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Makes a file beside this, to take its place; what a crash left there before is gone. */
  JournalFile beside(String suffix) throws IOException {
    Path fresh = path.resolveSibling(path.getFileName() + suffix);
    Files.deleteIfExists(fresh);
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
    JournalFile file = open(fresh, permissions, disk);
    if (file == null) {
      throw new IOException(fresh + " is open in another process");
    }
    try {
      // The umask is for files that are made anew.
      Files.setPosixFilePermissions(fresh, permissions);
    } catch (IOException e) {
      file.close();
      throw e;
    }
    return file;
  }

  private void readHead() throws IOException {
    ByteBuffer head = FileHead.read(channel);
    if (!FileHead.isWhole(head)) {
      if (!FileHead.isCutOff(head, size)) {
        throw new DamagedJournalException(path, "holds something else than a store of rr");
      }
      head = FileHead.fresh();
      FrameWriter.write(channel, head.duplicate(), 0);
      size = Math.max(size, FileHead.SIZE);
      force();
      syncFolder(path);
    }
    chain = FileHead.checksum(head);
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
  void load(JournalFrameReader.Records records) throws IOException {
    mapping.remap();
    while (true) {
      int length = reader.wholeFrame(end, chain);
      if (length < 0) {
        break;
      }
      takeFrame(end, records);
      chain = reader.checksumAt(end);
      end += FRAME_HEAD + length;
    }
    long last = reader.lastNonZero(end);
    if (last >= end) {
      refuseDamage(last);
      cutOff = last + 1 - end;
      truncate();
      mapping.remap();
    }
  }

  /** How many bytes a crash had left behind the last whole frame. */
  long cutOff() {
    return cutOff;
  }

  private void refuseDamage(long last) throws IOException {
    int length = reader.lengthAt(end);
    boolean plausible = length > 0 && length <= MAX_FRAME && end + FRAME_HEAD <= size;
    long most = plausible ? end + FRAME_HEAD + length : end + FRAME_HEAD + MAX_FRAME;
    // A crash leaves at most a part of one frame; a frame behind a broken one was acknowledged.
    if (last >= most || plausible && reader.wholeFrame(most, reader.checksumAt(end)) >= 0) {
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

  /** Hands over the records of a whole frame, and answers where it ends. */
  long takeFrame(long at, JournalFrameReader.Records records) {
    return reader.take(at, records);
  }

  /**
   * Writes records behind those that are there, as one frame, and syncs. When it fails nothing of
   * them is there, unless the file {@linkplain UnsyncedException is of no use any more}.
   *
   * @return where the frame stands
   */
  long append(List<byte[]> records) throws IOException {
    int length = FrameWriter.length(records);
    int checksum = writer.checksum(chain, length, records);
    long at = end;
    fillAhead(at + FRAME_HEAD + length);
    try {
      size = Math.max(size, writer.write(records, length, checksum, at));
      // Before the sync: behind it nothing may fail, as the frame is there then.
      if (size > mapping.size()) {
        mapping.remap();
      }
    } catch (IOException | RuntimeException e) {
      truncateQuietly();
      throw e;
    }
    try {
      force();
    } catch (IOException e) {
      throw new UnsyncedException(path, e);
    }
    end = at + FRAME_HEAD + length;
    chain = checksum;
    return at;
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
        FrameWriter.write(channel, zeros, to);
        to += zeros.capacity();
      }
      size = to;
      mapping.remap();
    } catch (IOException full) {
      // The frame itself may still have room.
      truncateQuietly();
    }
  }

  private void truncateQuietly() {
    try {
      truncate();
    } catch (IOException e) {
      // What stays behind the last frame is written over, or cut off when the file is opened.
    }
  }

  /** Cuts off what stands behind the last frame. Nobody reads there. */
  private void truncate() throws IOException {
    channel.truncate(end);
    size = end;
  }

  private void force() throws IOException {
    disk.force(path, channel);
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
