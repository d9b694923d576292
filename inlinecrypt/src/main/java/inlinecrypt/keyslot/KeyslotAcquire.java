package inlinecrypt.keyslot;

import inlinecrypt.CryptoKey;
import inlinecrypt.Errno;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One borrower's wait for a keyslot. Made once, with the request that borrows, and used again and
 * again, but for one {@link KeyslotManager#acquire} at a time.
 *
 * <p>If {@code acquire} returns {@link KeyslotManager#PENDING}, then either {@link #granted} or
 * {@link #refused} is called once, on the executor given here. The executor is also where a waiter
 * that was woken tries again, so it must run what it is given, later and not inside {@code
 * execute}, and must not throw.
 */
public abstract non-sealed class KeyslotAcquire extends SectionArrival implements Runnable {
  enum Stage {
    UNUSED,
    /** Came while the section was taken, and has not looked for its key yet. */
    FIRST_LOOKUP,
    /** Its key was in no slot: needs the section. */
    SECTION,
    /** No slot was idle. */
    ASLEEP,
    WOKEN,
    GRANTED,
    REFUSED
  }

  private final Executor executor;
  private @Nullable KeyslotManager manager;
  private @Nullable CryptoKey key;
  private long startNs;
  private int slot;
  private Errno refusal = Errno.OK;
  Stage stage = Stage.UNUSED;

  /** {@code executor} is where the borrower lives: its thread, or its event loop. */
  protected KeyslotAcquire(Executor executor) {
    this.executor = executor;
  }

  /** The slot is lent; whoever overrides this calls {@link KeyslotManager#release} in the end. */
  protected abstract void granted(int slot);

  /** The device failed to program the key; nothing is lent. */
  protected abstract void refused(Errno reason);

  /** Takes the next step of the wait. For the executor only. */
  @Override
  public final void run() {
    switch (stage) {
      case WOKEN -> Objects.requireNonNull(manager).tryAgain(this);
      case GRANTED -> {
        int granted = slot;
        end();
        granted(granted);
      }
      case REFUSED -> {
        Errno reason = refusal;
        end();
        refused(reason);
      }
      default -> throw new IllegalStateException("nothing was posted, the wait is " + stage);
    }
  }

  final void begin(KeyslotManager manager, CryptoKey key, Stage stage, long startNs) {
    this.manager = manager;
    this.key = key;
    this.stage = stage;
    this.startNs = startNs;
  }

  final void grant(int slot) {
    this.slot = slot;
    stage = Stage.GRANTED;
  }

  final void refuse(Errno reason) {
    refusal = reason;
    stage = Stage.REFUSED;
  }

  final CryptoKey key() {
    return Objects.requireNonNull(key);
  }

  final long startNs() {
    return startNs;
  }

  @Override
  final void deliver() {
    if (stage == Stage.SECTION) {
      Objects.requireNonNull(manager).resumeAndTakeSection(this);
    } else {
      executor.execute(this);
    }
  }

  private void end() {
    manager = null;
    key = null;
    stage = Stage.UNUSED;
  }
}
