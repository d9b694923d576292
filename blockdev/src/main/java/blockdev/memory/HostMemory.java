package blockdev.memory;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The host's memory as a device sees it: one bounded region, addressed by offset, with a pool of
 * pages. A PRP entry is an offset into it, so a bad address is an error status and never a crash.
 *
 * <p>The pool hands out runs of 1, 2, 4, 8 or 16 contiguous pages of 4096 bytes, aligned to their
 * own size (a binary buddy system). Pages come with whatever they held before. Thread-safe;
 * allocates nothing on the heap.
 */
public final class HostMemory implements AutoCloseable {
  public static final int PAGE_BYTES = 4096;
  public static final int MAX_RUN_BYTES = 64 * 1024;
  public static final long DEFAULT_CAPACITY_BYTES = 256L << 20;

  /** What {@link #allocate} returns when no run is free. */
  public static final long NONE = -1;

  private static final int MAX_ORDER = 4; // 16 pages
  private static final int NO_PAGE = -1;
  private static final byte NOT_FREE = -1;

  private final OffHeap region;
  private final MemorySegment segment;
  private final int[] freeHead = new int[MAX_ORDER + 1]; // by order: first page of a free run
  private final int[] nextFree; // by first page of a free run
  private final int[] previousFree;
  private final byte[] freeOrder; // by first page: order of the free run that starts here
  private long freeBytes;

  /**
   * @param capacityBytes a positive multiple of {@link #MAX_RUN_BYTES}
   */
  public HostMemory(long capacityBytes) {
    if (capacityBytes <= 0
        || capacityBytes % MAX_RUN_BYTES != 0
        || capacityBytes / PAGE_BYTES > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "capacityBytes must be a positive multiple of 65536 below 8 TiB, is " + capacityBytes);
    }
    int pages = (int) (capacityBytes / PAGE_BYTES);
    region = new OffHeap(capacityBytes);
    segment = region.segment();
    nextFree = new int[pages];
    previousFree = new int[pages];
    freeOrder = new byte[pages];
    Arrays.fill(freeHead, NO_PAGE);
    Arrays.fill(freeOrder, NOT_FREE);
    for (int page = pages - (1 << MAX_ORDER); page >= 0; page -= 1 << MAX_ORDER) {
      addFree(page, MAX_ORDER);
    }
    freeBytes = capacityBytes;
  }

  /** All of it; offsets that bios and PRP entries carry count from its start. */
  public MemorySegment segment() {
    return segment;
  }

  public long capacityBytes() {
    return segment.byteSize();
  }

  public synchronized long freeBytes() {
    return freeBytes;
  }

  /**
   * Takes a run of at least {@code bytes}, rounded up to a power of two pages.
   *
   * @param bytes from 1 to {@link #MAX_RUN_BYTES}
   * @return the run's offset, or {@link #NONE} if no such run is free
   */
  public synchronized long allocate(int bytes) {
    int wanted = orderOf(bytes);
    int order = wanted;
    while (order <= MAX_ORDER && freeHead[order] == NO_PAGE) {
      order++;
    }
    if (order > MAX_ORDER) {
      return NONE;
    }
    int page = freeHead[order];
    removeFree(page, order);
    while (order > wanted) {
      order--;
      addFree(page + (1 << order), order);
    }
    freeBytes -= (long) PAGE_BYTES << wanted;
    return (long) page * PAGE_BYTES;
  }

  /** Gives back the run at {@code offset} that was allocated with the same {@code bytes}. */
  public synchronized void free(long offset, int bytes) {
    int order = orderOf(bytes);
    int page = (int) (offset / PAGE_BYTES);
    assert offset == (long) page * PAGE_BYTES && (page & ((1 << order) - 1)) == 0 : offset;
    assert freeOrder[page] == NOT_FREE : "freed twice: " + offset;
    freeBytes += (long) PAGE_BYTES << order;
    while (order < MAX_ORDER && freeOrder[page ^ (1 << order)] == order) {
      int buddy = page ^ (1 << order);
      removeFree(buddy, order);
      page &= buddy;
      order++;
    }
    addFree(page, order);
  }

  @Override
  public void close() {
    region.close();
  }

  private static int orderOf(int bytes) {
    if (bytes < 1 || bytes > MAX_RUN_BYTES) {
      throw new IllegalArgumentException("a run has 1 to 65536 bytes, not " + bytes);
    }
    int pages = (bytes + PAGE_BYTES - 1) / PAGE_BYTES;
    return 32 - Integer.numberOfLeadingZeros(pages - 1);
  }

  private void addFree(int page, int order) {
    int head = freeHead[order];
    nextFree[page] = head;
    previousFree[page] = NO_PAGE;
    if (head != NO_PAGE) {
      previousFree[head] = page;
    }
    freeHead[order] = page;
    freeOrder[page] = (byte) order;
  }

  private void removeFree(int page, int order) {
    int next = nextFree[page];
    int previous = previousFree[page];
    if (previous == NO_PAGE) {
      freeHead[order] = next;
    } else {
      nextFree[previous] = next;
    }
    if (next != NO_PAGE) {
      previousFree[next] = previous;
    }
    freeOrder[page] = NOT_FREE;
  }
}
