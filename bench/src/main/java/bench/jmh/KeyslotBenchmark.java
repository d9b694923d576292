package bench.jmh;

import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import inlinecrypt.Errno;
import inlinecrypt.keyslot.KeyslotAcquire;
import inlinecrypt.keyslot.KeyslotCompletion;
import inlinecrypt.keyslot.KeyslotDevice;
import inlinecrypt.keyslot.KeyslotManager;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
 * What a keyslot costs a request whose key is in one: acquire and release. Each thread has its own
 * key. A slot <em>kept busy</em> has another borrower all along; an <em>idle</em> one enters and
 * leaves the list of idle slots each time.
 *
 * <p>The score is the time of one pair on one thread: two threads scale by 2 × one's score / two's.
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

  /** The device and its manager. */
  @State(Scope.Benchmark)
  public static class Shared {
    final KeyslotManager manager = new KeyslotManager(SLOTS, new InstantDevice(), System::nanoTime);
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
    private final Queue<Runnable> posts = new ConcurrentLinkedQueue<>();
    private final Waiter waiter = new Waiter(posts);
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
      shared.manager.acquire(waiter, key);
      while (waiter.slot == KeyslotManager.PENDING) {
        Runnable post = posts.poll();
        if (post != null) {
          post.run();
        }
      }
      return waiter.slot;
    }

    private static CryptoKey key() {
      byte[] raw = new byte[CryptoMode.AES_256_XTS.keyBytes()];
      raw[0] = 1;
      return new CryptoKey(new CryptoConfig(CryptoMode.AES_256_XTS, 4096, 8), raw);
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

  private static final class Waiter extends KeyslotAcquire {
    int slot = KeyslotManager.PENDING;

    Waiter(Queue<Runnable> posts) {
      super(posts::add);
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
