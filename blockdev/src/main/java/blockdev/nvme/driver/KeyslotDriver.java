package blockdev.nvme.driver;

import blockdev.nvme.controller.InlineCryptoUnit;
import blockdev.nvme.controller.NvmeController;
import blockdev.sim.CryptoTiming;
import blockdev.sim.EventQueue;
import blockdev.sim.SimTime;
import blockdev.sim.Station;
import blockdev.trace.Tracer;
import inlinecrypt.CryptoKey;
import inlinecrypt.Errno;
import inlinecrypt.keyslot.KeyslotCompletion;
import inlinecrypt.keyslot.KeyslotDevice;
import inlinecrypt.keyslot.WrappedKeyDevice;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Programs and evicts the keyslots of the device's inline crypto unit, each taking the time that
 * the device's timing says. One call is under way at a time, as the keyslot manager promises.
 */
final class KeyslotDriver implements KeyslotDevice {
  private final InlineCryptoUnit unit;
  private final CryptoTiming timing;
  private final SimTime time;
  private final EventQueue events;
  private final Station registers;
  private final Tracer tracer;
  private final WrappedKeyDriver wrappedKeys;
  private final Runnable finishLater = this::finish;

  private int slot;
  private @Nullable CryptoKey programmed; // null while evicting
  private long startNs;
  private @Nullable KeyslotCompletion done;

  KeyslotDriver(NvmeController controller, SimTime time, Tracer tracer) {
    this.time = time;
    this.tracer = tracer;
    unit = controller.crypto();
    timing = controller.timing().keys();
    events = time.newEventQueue();
    registers = time.newStation(1);
    wrappedKeys = new WrappedKeyDriver(unit.wrapping(), timing, events, registers);
  }

  @Override
  public void program(int slot, CryptoKey key, KeyslotCompletion done) {
    start(slot, key, timing.programNs(), done);
  }

  /** A device without slots holds no key that it could forget. */
  @Override
  public void evict(int slot, CryptoKey key, KeyslotCompletion done) {
    if (unit.slotCount() == 0) {
      done.done(Errno.OK);
      return;
    }
    start(slot, null, timing.evictNs(), done);
  }

  @Override
  public WrappedKeyDevice wrappedKeys() {
    return wrappedKeys;
  }

  private void start(
      int slot, @Nullable CryptoKey programmed, long serviceNs, KeyslotCompletion done) {
    assert this.done == null : "two calls at a time";
    this.slot = slot;
    this.programmed = programmed;
    this.done = done;
    startNs = time.nowNs();
    long delayNs = registers.reserve(0, 0, serviceNs);
    if (delayNs == 0) {
      finish();
    } else {
      events.schedule(finishLater, delayNs);
    }
  }

  private void finish() {
    KeyslotCompletion told = Objects.requireNonNull(done);
    CryptoKey key = programmed;
    done = null;
    programmed = null;
    Errno result = Errno.OK;
    if (key == null) {
      unit.evict(slot);
    } else {
      result = unit.program(slot, key);
      tracer.keyslotProgrammed(slot, key, result, time.nowNs() - startNs);
    }
    told.done(result);
  }
}
