package dev.rr.plugin.http.worker;

import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.api.http.MemoryBudget;
import dev.rr.http.HeaderNames;
import dev.rr.plugin.http.body.MemoryShare;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a request may wait for a worker. What waits is bounded in bytes, not in requests:
 * a head is kept as it came, its body is on disk or counted by itself. Any loop.
 *
 * <p>A worker takes as long for a head of a megabyte as for a hundred usual ones, and all wait in
 * one queue, so large heads may hold only a part of the budget. Small ones have a reserve when
 * others, slow readers for instance, hold all of it.
 */
final class Admission {
  /** Bytes of a head from which it is large: ten times what browsers with many cookies send. */
  private static final int LARGE_HEAD = 64 * 1024;

  /** Bytes of a head up to which it is small: usual requests of browsers are. */
  private static final int SMALL_HEAD = 16 * 1024;

  /** The part of the budget that large heads may hold, and that is in reserve for small ones. */
  private static final int PART = 16;

  /** Bytes of a request without its texts, and of a field: objects around them. */
  private static final long REQUEST = 2048;

  private static final long FIELD = 64;

  private final MemoryBudget budget;
  private final MemoryBudget largeHeads;
  private final MemoryBudget reserve;

  Admission(MemoryBudget budget) {
    this.budget = budget;
    this.largeHeads = new MemoryBudget(Math.max(budget.size() / PART, 4L * HeaderNames.MAX_SIZE));
    this.reserve = new MemoryBudget(budget.size() / PART);
  }

  /**
   * What the request holds from now on; null when it has to be refused. The caller closes it with
   * the request's end. On the request's loop.
   */
  @Nullable MemoryShare admit(HttpRequest request, HttpResponse response) {
    MemoryShare share = new MemoryShare(budget);
    long weight = weight(request);
    boolean admitted =
        weight > LARGE_HEAD
            ? takes(largeHeads, weight, response) && share.take(weight)
            : share.take(weight) || weight <= SMALL_HEAD && takes(reserve, weight, response);
    if (!admitted) {
      share.close();
      return null;
    }
    return share;
  }

  private static boolean takes(MemoryBudget part, long bytes, HttpResponse response) {
    MemoryShare share = new MemoryShare(part);
    response.onClose(share::close);
    return share.take(bytes);
  }

  /** Bytes that a waiting request stands for: what its head is once it is written down. */
  private static long weight(HttpRequest request) {
    HttpHeaders headers = request.headers();
    long bytes = REQUEST + request.target().length();
    for (int i = 0; i < headers.size(); i++) {
      bytes += FIELD + headers.name(i).length() + headers.value(i).length();
    }
    return bytes;
  }
}
