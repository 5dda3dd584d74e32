package dev.rr.net;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The file that a unix socket leaves in a folder. Nothing but such a file is ever deleted, and only
 * when nobody listens on it any more, or it is the listener's own. One thread.
 */
public final class UnixSocketFile {
  private static final int TYPE_OF_FILE = 0170000;
  private static final int SOCKET = 0140000;

  private final Path path;
  private @Nullable Map<String, Object> inode;

  private UnixSocketFile(Path path) {
    this.path = path;
  }

  /**
   * Makes way for a listener: a socket on which nobody listens any more is removed.
   *
   * @throws BindException when somebody listens there, or might, or it is another kind of file; the
   *     message does not name the path
   */
  public static UnixSocketFile makeWay(Path path) throws IOException {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      if (!isSocket(path)) {
        throw new BindException("the file exists and is not a socket");
      }
      if (!isLeftBehind(path)) {
        throw new BindException("Address already in use");
      }
      Files.deleteIfExists(path);
    }
    return new UnixSocketFile(path);
  }

  private static boolean isSocket(Path path) throws IOException {
    return Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) instanceof Integer mode
        && (mode & TYPE_OF_FILE) == SOCKET;
  }

  /** Only a refusal proves it: without permission, or before a full queue, nothing is known. */
  private static boolean isLeftBehind(Path path) throws IOException {
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      probe.configureBlocking(false);
      probe.connect(UnixDomainSocketAddress.of(path));
      return false;
    } catch (ConnectException refused) {
      return true;
    } catch (IOException unknown) {
      return false;
    }
  }

  /** Tells that the listener is bound, so that {@link #delete} knows its own file. */
  public void bound() throws IOException {
    inode = inode();
  }

  /** Deletes the file when it is still the listener's own. */
  public void delete() throws IOException {
    Map<String, Object> own = inode;
    inode = null;
    try {
      if (own != null && own.equals(inode()) && isSocket(path)) {
        Files.deleteIfExists(path);
      }
    } catch (NoSuchFileException gone) {
      // Somebody was quicker.
    }
  }

  private Map<String, Object> inode() throws IOException {
    return Files.readAttributes(path, "unix:dev,ino", LinkOption.NOFOLLOW_LINKS);
  }
}
