package inlinecrypt.keyslot;

import inlinecrypt.CryptoKey;
import inlinecrypt.Errno;
import inlinecrypt.keyslot.KeyslotAcquire.Stage;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.Executor;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Whatever threads do at once, there is an order of their calls in which {@link AtomicKeyslots},
 * the kernel's rules one call at a time, gives the same answers. Lincheck runs seeded scenarios
 * through many interleavings, switching threads inside the manager too.
 *
 * <p>That covers which slot a miss overwrites, hence the order of idle slots, failed programmings
 * and evictions; and that no wake is lost, since a sleeper tries again only once it is woken. What
 * hits do inside {@link KeyslotTable} has a test of its own, which gets further.
 */
@Param(name = "key", gen = IntGen.class, conf = "0:3")
public class KeyslotLincheckTest {
  private final CryptoKey[] keys = TestKeys.keys(4);
  private final FailingDevice device = new FailingDevice();
  private final KeyslotManager manager = new KeyslotManager(AtomicKeyslots.SLOTS, device, () -> 0);
  private final Borrower[] borrowers = new Borrower[AtomicKeyslots.THREADS];

  public KeyslotLincheckTest() {
    Arrays.setAll(borrowers, thread -> new Borrower());
  }

  @Test
  void noWakeIsLost() {
    Lincheck.checkScenario(
        KeyslotLincheckTest.class,
        "get 0 0, get 1 1",
        "put 0 | get 2 2 | get 3 2",
        "goOn 2, goOn 3");
  }

  @Test
  void anyCallsGiveAnswersOfTheRules() {
    Lincheck.options()
        .threads(3)
        .actorsPerThread(3)
        .actorsBefore(3)
        .actorsAfter(3)
        .iterations(3)
        .invocationsPerIteration(50)
        .check(KeyslotLincheckTest.class);
  }

  @Operation
  public int get(@Param(gen = ThreadIdGen.class) int thread, @Param(name = "key") int key) {
    Borrower borrower = borrowers[thread];
    if (borrower.waits) {
      return AtomicKeyslots.NOTHING;
    }
    int slot = manager.acquire(borrower, keys[key]);
    if (slot != KeyslotManager.PENDING) {
      borrower.granted(slot);
      return slot;
    }
    borrower.waits = true;
    return borrower.await();
  }

  @Operation
  public int goOn(@Param(gen = ThreadIdGen.class) int thread) {
    Borrower borrower = borrowers[thread];
    return borrower.waits ? borrower.await() : AtomicKeyslots.NOTHING;
  }

  @Operation
  public int put(@Param(gen = ThreadIdGen.class) int thread) {
    Integer slot = borrowers[thread].held.poll();
    if (slot == null) {
      return AtomicKeyslots.NOTHING;
    }
    manager.release(slot);
    return slot;
  }

  @Operation
  public Errno evict(@Param(name = "key") int key) {
    Errno[] results = new Errno[1];
    manager.evict(keys[key], result -> results[0] = result);
    while (results[0] == null) {
      Thread.onSpinWait();
    }
    return results[0];
  }

  /** One thread's slots, and its wait for another. */
  private static final class Borrower extends KeyslotAcquire {
    final ArrayDeque<Integer> held = new ArrayDeque<>();
    boolean waits;
    private int outcome;
    private final Post post;

    Borrower() {
      this(new Post());
    }

    private Borrower(Post post) {
      super(post);
      this.post = post;
    }

    /** Until it is granted, refused or asleep. */
    int await() {
      while (waits && (post.posted != null || stage != Stage.ASLEEP)) {
        Runnable posted = post.posted;
        if (posted == null) {
          Thread.onSpinWait();
        } else {
          post.posted = null;
          posted.run();
        }
      }
      return waits ? AtomicKeyslots.ASLEEP : outcome;
    }

    @Override
    protected void granted(int slot) {
      waits = false;
      outcome = slot;
      held.add(slot);
    }

    @Override
    protected void refused(Errno reason) {
      waits = false;
      outcome = AtomicKeyslots.REFUSED[reason == Errno.EIO ? 0 : 1];
    }
  }

  private static final class Post implements Executor {
    volatile @Nullable Runnable posted;

    @Override
    public void execute(Runnable command) {
      posted = command;
    }
  }

  /** Answers at once; one key it does not like, and says by the error which slot it was for. */
  private final class FailingDevice implements KeyslotDevice {
    @Override
    public void program(int slot, CryptoKey key, KeyslotCompletion done) {
      if (key == keys[AtomicKeyslots.BAD_KEY]) {
        done.done(slot == 0 ? Errno.EIO : Errno.ENOMEM);
      } else {
        done.done(Errno.OK);
      }
    }

    @Override
    public void evict(int slot, CryptoKey key, KeyslotCompletion done) {
      done.done(Errno.OK);
    }
  }
}
