package blockdev.memory;

import org.jspecify.annotations.Nullable;

/**
 * Pages for work that cannot be refused, because it is what frees memory in the end: writing.
 * Whoever asks gets what it asked for, at once or in the order of asking.
 *
 * <p>Pages come from the host memory as long as a good part of it is free; then from a number that
 * is kept back for this. A taker gets all its pages or none, so takers cannot wait for each other,
 * as long as none waits here while it keeps from giving back what it took before.
 *
 * <p>Thread-safe; allocates nothing. Source: {@code mempool_t}, and what {@code
 * block/blk-crypto-fallback.c} does with it.
 */
public final class PageReserve {
  /** The part of the host memory that is left to others, whose allocations can fail. */
  private static final int LEFT_FOR_OTHERS_DIVISOR = 16;

  private final HostMemory memory;
  private final long leftForOthersBytes;
  private final long[] kept;
  private int keptCount;
  private @Nullable PageGrant firstWaiting;
  private @Nullable PageGrant lastWaiting;

  private PageReserve(HostMemory memory, long[] kept) {
    this.memory = memory;
    this.kept = kept;
    keptCount = kept.length;
    leftForOthersBytes = memory.capacityBytes() / LEFT_FOR_OTHERS_DIVISOR;
  }

  /** Keeps back {@code pages} of {@code memory}; null if they are not free. */
  public static @Nullable PageReserve of(HostMemory memory, int pages) {
    long[] kept = new long[pages];
    for (int i = 0; i < pages; i++) {
      kept[i] = memory.allocate(HostMemory.PAGE_BYTES);
      if (kept[i] == HostMemory.NONE) {
        free(memory, kept, i);
        return null;
      }
    }
    return new PageReserve(memory, kept);
  }

  /**
   * Gives {@code count} pages to {@code grant}, which has none.
   *
   * @return false if they are not there: then {@link PageGrant#granted} is called once, later
   * @throws IllegalArgumentException if there are not so many in the reserve, or in the grant
   */
  public synchronized boolean take(PageGrant grant, int count) {
    if (count < 1 || count > Math.min(kept.length, grant.pages.length)) {
      throw new IllegalArgumentException("cannot have " + count + " pages at a time");
    }
    assert grant.count == 0 : "has pages, or waits for them";
    grant.count = count;
    if (firstWaiting == null && fill(grant)) {
      return true;
    }
    grant.next = null;
    PageGrant last = lastWaiting;
    if (last == null) {
      firstWaiting = grant;
    } else {
      last.next = grant;
    }
    lastWaiting = grant;
    return false;
  }

  /** Takes back all pages of {@code grant}, and gives to those who wait. */
  public synchronized void giveBack(PageGrant grant) {
    for (int i = 0; i < grant.count; i++) {
      if (keptCount < kept.length) {
        kept[keptCount++] = grant.pages[i];
      } else {
        memory.free(grant.pages[i], HostMemory.PAGE_BYTES);
      }
    }
    grant.count = 0;
    for (PageGrant first = firstWaiting; first != null && fill(first); first = firstWaiting) {
      firstWaiting = first.next;
      if (firstWaiting == null) {
        lastWaiting = null;
      }
      first.executor.execute(first);
    }
  }

  private boolean fill(PageGrant grant) {
    int got = 0;
    while (got < grant.count
        && memory.freeBytes() - HostMemory.PAGE_BYTES >= leftForOthersBytes
        && (grant.pages[got] = memory.allocate(HostMemory.PAGE_BYTES)) != HostMemory.NONE) {
      got++;
    }
    int missing = grant.count - got;
    if (missing > keptCount) {
      free(memory, grant.pages, got);
      return false;
    }
    System.arraycopy(kept, keptCount - missing, grant.pages, got, missing);
    keptCount -= missing;
    return true;
  }

  private static void free(HostMemory memory, long[] pages, int count) {
    for (int i = 0; i < count; i++) {
      memory.free(pages[i], HostMemory.PAGE_BYTES);
    }
  }

  @Override
  public synchronized String toString() {
    return "PageReserve[" + keptCount + " of " + kept.length + "]";
  }
}
