package bench.jmh;

import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import inlinecrypt.Errno;
import inlinecrypt.keyslot.KeyslotAcquire;
import inlinecrypt.keyslot.KeyslotCompletion;
import inlinecrypt.keyslot.KeyslotDevice;
import inlinecrypt.keyslot.KeyslotManager;
import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a keyslot costs a request: acquire and release. For hits, each thread has its own key. A
 * slot <em>kept busy</em> has another borrower all along; an <em>idle</em> one goes from idle to
 * busy and back each time. A <em>miss</em> is the way to a device that answers at once and back, so
 * it is all but the programming itself.
 *
 * <p>The score is the time of one pair on one thread: two threads scale by 2 × one's score / two's.
 * The clock is the one of immediate time, which stands still.
 *
 * <p>{@code bench/inlinecrypt jmh keyslot -prof gc}
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class KeyslotBenchmark {
  private static final int SLOTS = 32;

  @Benchmark
  @Threads(1)
  public int keptBusyOneThread(Shared shared, BusyBorrower borrower) {
    return borrower.borrow(shared);
  }

  @Benchmark
  @Threads(2)
  public int keptBusyTwoThreads(Shared shared, BusyBorrower borrower) {
    return borrower.borrow(shared);
  }

  @Benchmark
  @Threads(1)
  public int idleOneThread(Shared shared, IdleBorrower borrower) {
    return borrower.borrow(shared);
  }

  @Benchmark
  @Threads(2)
  public int idleTwoThreads(Shared shared, IdleBorrower borrower) {
    return borrower.borrow(shared);
  }

  /** One key more than slots, in turn: the least recently used slot is always another key's. */
  @Benchmark
  @Threads(1)
  public int miss(MissingBorrower borrower) {
    return borrower.borrow();
  }

  /** The device and its manager. */
  @State(Scope.Benchmark)
  public static class Shared {
    final KeyslotManager manager = new KeyslotManager(SLOTS, new InstantDevice(), () -> 0);
    final AtomicInteger borrowers = new AtomicInteger();

    /** Everything that was measured was a hit. */
    @TearDown
    public void checkThatAllWereHits() {
      long misses = manager.counters().misses();
      if (misses != borrowers.get()) {
        throw new IllegalStateException(borrowers + " keys, but " + misses + " misses");
      }
    }
  }

  /** One thread with its key. */
  @State(Scope.Thread)
  public static class IdleBorrower {
    private final Waiter waiter = new Waiter();
    private final CryptoKey key = key();

    /** Programs the key. */
    @Setup
    public void program(Shared shared) {
      shared.manager.release(take(shared));
    }

    final int borrow(Shared shared) {
      int slot = shared.manager.acquire(waiter, key);
      shared.manager.release(slot);
      return slot;
    }

    final int take(Shared shared) {
      shared.borrowers.incrementAndGet();
      return waiter.await(shared.manager.acquire(waiter, key));
    }
  }

  /** One thread with its key, borrowed all along. */
  @State(Scope.Thread)
  public static class BusyBorrower {
    private final IdleBorrower borrower = new IdleBorrower();

    /** Programs the key and keeps the slot. */
    @Setup
    public void keepBusy(Shared shared) {
      borrower.take(shared);
    }

    final int borrow(Shared shared) {
      return borrower.borrow(shared);
    }
  }

  /** A device with a key too many, all to itself. */
  @State(Scope.Thread)
  public static class MissingBorrower {
    private final KeyslotManager manager = new KeyslotManager(SLOTS, new InstantDevice(), () -> 0);
    private final Waiter waiter = new Waiter();
    private final CryptoKey[] keys = new CryptoKey[SLOTS + 1];
    private int next;

    /** Makes the keys. */
    @Setup
    public void makeKeys() {
      Arrays.setAll(keys, i -> key());
    }

    final int borrow() {
      CryptoKey key = keys[next];
      next = next == SLOTS ? 0 : next + 1;
      int slot = waiter.await(manager.acquire(waiter, key));
      manager.release(slot);
      return slot;
    }

    /** Everything that was measured was a miss. */
    @TearDown
    public void checkThatNoneWasAHit() {
      if (manager.counters().hits() != 0) {
        throw new IllegalStateException(manager.counters().hits() + " hits");
      }
    }
  }

  private static CryptoKey key() {
    byte[] raw = new byte[CryptoMode.AES_256_XTS.keyBytes()];
    raw[0] = 1;
    return new CryptoKey(new CryptoConfig(CryptoMode.AES_256_XTS, 4096, 8), raw);
  }

  /** Takes what is posted on its own thread; whoever posts it. */
  private static final class Waiter extends KeyslotAcquire {
    private final Post post;
    private int slot;

    Waiter() {
      this(new Post());
    }

    private Waiter(Post post) {
      super(post);
      this.post = post;
    }

    int await(int acquired) {
      if (acquired != KeyslotManager.PENDING) {
        return acquired;
      }
      slot = KeyslotManager.PENDING;
      while (slot == KeyslotManager.PENDING) {
        post.run();
      }
      return slot;
    }

    @Override
    protected void granted(int slot) {
      this.slot = slot;
    }

    @Override
    protected void refused(Errno reason) {
      throw new IllegalStateException("the device refused: " + reason);
    }
  }

  /** One waiter's executor: it has one thing posted at a time. */
  private static final class Post implements Executor {
    private volatile @Nullable Runnable posted;

    @Override
    public void execute(Runnable command) {
      posted = command;
    }

    void run() {
      Runnable command = posted;
      if (command != null) {
        posted = null;
        command.run();
      }
    }
  }

  private static final class InstantDevice implements KeyslotDevice {
    @Override
    public void program(int slot, CryptoKey key, KeyslotCompletion done) {
      done.done(Errno.OK);
    }

    @Override
    public void evict(int slot, CryptoKey key, KeyslotCompletion done) {
      done.done(Errno.OK);
    }
  }
}
