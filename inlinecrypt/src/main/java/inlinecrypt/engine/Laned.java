package inlinecrypt.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Something keyed that several threads may use: one lane for each call under way, and closing.
 *
 * <p>A <em>lane</em> is the working state of one call at a time: contexts, scratch arrays. Lanes
 * are made when first needed and kept until the cipher closes. A bit mask says which are taken; a
 * call claims the lowest free one with a compare-and-set, so that a lone thread always meets the
 * same, warm lane. A call that finds all of them taken yields until one is free, which is never
 * long: a lane is held for one call.
 *
 * @param <L> the lane
 */
abstract class Laned<L> implements AutoCloseable {
  private static final int LANE_COUNT = 16;
  private static final long CLOSED = Long.MIN_VALUE; // sign bit of the mask

  private static final VarHandle TAKEN;

  static {
    try {
      TAKEN = MethodHandles.lookup().findVarHandle(Laned.class, "taken", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // through TAKEN
  private volatile long taken; // one bit for each lane, and CLOSED

  // A lane's cell belongs to whoever holds its bit.
  private final @Nullable Object[] lanes = new Object[LANE_COUNT];

  /** Makes a lane; several threads may be in here at once. */
  abstract L openLane();

  /** Wipes and frees a lane. */
  abstract void closeLane(L lane);

  /** Wipes and frees what the lanes are made from; called once, after all lanes are closed. */
  abstract void closeKey();

  @Override
  public final void close() {
    long before = (long) TAKEN.getAndBitwiseOr(this, CLOSED);
    if ((before & CLOSED) != 0) {
      return;
    }
    while (taken != CLOSED) {
      Thread.yield();
    }
    for (int index = 0; index < LANE_COUNT; index++) {
      if (lanes[index] != null) {
        closeLane(lane(index));
        lanes[index] = null;
      }
    }
    closeKey();
  }

  /**
   * Takes a free lane; {@link #release} gives it back.
   *
   * @throws IllegalStateException if the cipher is closed
   */
  final int claim() {
    while (true) {
      long mask = taken;
      if (mask < 0) {
        throw new IllegalStateException("the cipher is closed");
      }
      int free = Long.numberOfTrailingZeros(~mask);
      if (free >= LANE_COUNT) {
        Thread.yield();
      } else if (TAKEN.compareAndSet(this, mask, mask | 1L << free)) {
        return free;
      }
    }
  }

  final void release(int index) {
    TAKEN.getAndBitwiseAnd(this, ~(1L << index));
  }

  /** The lane behind a claimed index. */
  @SuppressWarnings("unchecked") // the cells hold what openLane made
  final L lane(int index) {
    Object lane = lanes[index];
    if (lane == null) {
      lane = openLane();
      lanes[index] = lane;
    }
    return (L) lane;
  }
}
