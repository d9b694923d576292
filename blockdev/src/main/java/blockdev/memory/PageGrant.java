package blockdev.memory;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What one taker has from a {@link PageReserve}, or waits for. Made once and used again and again,
 * for one {@link PageReserve#take} at a time.
 */
public abstract class PageGrant implements Runnable {
  final long[] pages;
  final Executor executor;
  int count;
  @Nullable PageGrant next; // of those who wait

  /**
   * @param maxPages the most pages it will be given
   * @param executor where {@link #granted} runs; it must run what it is given later, and not inside
   *     {@code execute}
   */
  protected PageGrant(int maxPages, Executor executor) {
    pages = new long[maxPages];
    this.executor = executor;
  }

  /** The pages that were not there at once have come. */
  protected abstract void granted();

  /** Goes on after a wait. For the executor only. */
  @Override
  public final void run() {
    granted();
  }

  public final int count() {
    return count;
  }

  /** Offset in the host memory of one of the pages. */
  public final long page(int index) {
    return pages[index];
  }
}
