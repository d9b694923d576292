package blockdev.queue;

import blockdev.bio.Bio;
import blockdev.bio.QueueLimits;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Requests that wait for room in the driver, sorted by sector. They leave in one direction: the
 * next one at or after the place where the last one ended, then from the lowest sector again.
 *
 * <p>Meanwhile bios merge with them at the back and at the front, and a request that has grown
 * merges with its neighbour. Where requests overlap, a possible merge may be missed. What moves no
 * data is not sorted and leaves first.
 *
 * <p>Source: {@code block/elevator.c} and {@code block/blk-merge.c} for what merges when; the order
 * is simpler than mq-deadline's. Nothing allocates after construction.
 */
final class Elevator {
  private final QueueLimits limits;
  private final Consumer<Request> absorbed;
  private final RequestList unsorted = new RequestList();
  private final @Nullable Request[] sorted; // those of one sector in order of arrival
  private int sortedCount;
  private long headSector;

  /** {@code absorbed} is told of requests that became part of another. */
  Elevator(int capacity, QueueLimits limits, Consumer<Request> absorbed) {
    sorted = new Request[capacity];
    this.limits = limits;
    this.absorbed = absorbed;
  }

  /** Takes {@code request}, or makes it part of the one that it continues. */
  void add(Request request) {
    if (!request.op().movesData()) {
      unsorted.add(request);
      return;
    }
    int behind = firstFrom(request.sector()) - 1;
    if (behind >= 0 && at(behind).absorb(request, limits)) {
      absorbed.accept(request);
      return;
    }
    int index = firstFrom(request.sector() + 1);
    System.arraycopy(sorted, index, sorted, index + 1, sortedCount - index);
    sorted[index] = request;
    sortedCount++;
  }

  /** Takes out the request that goes next; null if there is none. */
  @Nullable Request poll() {
    if (unsorted.count() > 0) {
      return unsorted.poll();
    }
    if (sortedCount == 0) {
      return null;
    }
    int next = firstFrom(headSector);
    Request request = remove(next == sortedCount ? 0 : next);
    headSector = request.endSector();
    return request;
  }

  /** Makes {@code bio} part of a request that it continues or precedes; false if none is here. */
  boolean merge(Bio bio, BioShape shape) {
    int behind = firstFrom(bio.sector()) - 1;
    if (behind >= 0 && at(behind).merge(bio, shape, limits)) {
      absorbNext(behind);
      return true;
    }
    int ahead = firstFrom(bio.endSector());
    if (ahead < sortedCount && at(ahead).merge(bio, shape, limits)) {
      moveDown(ahead); // not to be absorbed: the request behind could not even take the bio
      return true;
    }
    return false;
  }

  private void absorbNext(int index) {
    if (index + 1 < sortedCount && at(index).absorb(at(index + 1), limits)) {
      absorbed.accept(remove(index + 1));
    }
  }

  /** Puts in order a request whose first sector has become lower. */
  private void moveDown(int index) {
    Request request = at(index);
    int to = index;
    while (to > 0 && at(to - 1).sector() > request.sector()) {
      sorted[to] = sorted[to - 1];
      to--;
    }
    sorted[to] = request;
  }

  private Request remove(int index) {
    Request request = at(index);
    sortedCount--;
    System.arraycopy(sorted, index + 1, sorted, index, sortedCount - index);
    sorted[sortedCount] = null;
    return request;
  }

  private Request at(int index) {
    Request request = sorted[index];
    assert request != null : index;
    return request;
  }

  /** Index of the first request that starts at {@code sector} or later. */
  private int firstFrom(long sector) {
    int low = 0;
    int high = sortedCount;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (at(middle).sector() < sector) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
