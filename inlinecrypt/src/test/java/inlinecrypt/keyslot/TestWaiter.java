package inlinecrypt.keyslot;

import inlinecrypt.Errno;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Remembers how its wait ended. */
final class TestWaiter extends KeyslotAcquire {
  int slot = KeyslotManager.PENDING;
  @Nullable Errno refusal;

  TestWaiter(Executor executor) {
    super(executor);
  }

  @Override
  protected void granted(int slot) {
    this.slot = slot;
  }

  @Override
  protected void refused(Errno reason) {
    refusal = reason;
  }
}
