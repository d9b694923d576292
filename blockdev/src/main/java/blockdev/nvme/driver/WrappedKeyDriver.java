package blockdev.nvme.driver;

import blockdev.sim.CryptoTiming;
import blockdev.sim.EventQueue;
import blockdev.sim.Station;
import inlinecrypt.Errno;
import inlinecrypt.keyslot.WrappedKeyCompletion;
import inlinecrypt.keyslot.WrappedKeyDevice;
import inlinecrypt.keyslot.WrappedKeyOperation;
import inlinecrypt.wrapped.WrappedKeyDerivation;
import inlinecrypt.wrapped.WrappingUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Asks the device's inline crypto unit to import, generate, prepare and derive, each taking the
 * time that the device's timing says. One call is under way at a time, as the keyslot manager
 * promises.
 */
final class WrappedKeyDriver implements WrappedKeyDevice {
  private static final byte[] NO_OUTPUT = {};

  private final @Nullable WrappingUnit unit;
  private final CryptoTiming timing;
  private final EventQueue events;
  private final Station registers;
  private final Runnable finishLater = this::finish;

  private @Nullable WrappedKeyOperation operation;
  private byte[] input = NO_OUTPUT;
  private @Nullable WrappedKeyCompletion done;

  /**
   * @param registers what the device's keyslots are programmed through too
   */
  WrappedKeyDriver(
      @Nullable WrappingUnit unit, CryptoTiming timing, EventQueue events, Station registers) {
    this.unit = unit;
    this.timing = timing;
    this.events = events;
    this.registers = registers;
  }

  @Override
  public boolean has(WrappedKeyOperation operation) {
    return unit != null;
  }

  @Override
  public void perform(WrappedKeyOperation operation, byte[] input, WrappedKeyCompletion done) {
    assert this.done == null : "two calls at a time";
    this.operation = operation;
    this.input = input;
    this.done = done;
    long serviceNs =
        operation == WrappedKeyOperation.DERIVE_SOFTWARE_SECRET
            ? timing.deriveNs()
            : timing.prepareNs();
    long delayNs = registers.reserve(0, 0, serviceNs);
    if (delayNs == 0) {
      finish();
    } else {
      events.schedule(finishLater, delayNs);
    }
  }

  private void finish() {
    WrappedKeyCompletion told = Objects.requireNonNull(done);
    WrappedKeyOperation asked = Objects.requireNonNull(operation);
    byte[] given = input;
    done = null;
    operation = null;
    input = NO_OUTPUT;
    answer(Objects.requireNonNull(unit), asked, given, told);
  }

  private static void answer(
      WrappingUnit unit, WrappedKeyOperation asked, byte[] given, WrappedKeyCompletion told) {
    switch (asked) {
      case IMPORT -> {
        if (given.length == WrappedKeyDerivation.RAW_KEY_BYTES) {
          told.done(Errno.OK, unit.importKey(given));
        } else {
          told.done(Errno.EINVAL, NO_OUTPUT);
        }
      }
      case GENERATE -> told.done(Errno.OK, unit.generateKey());
      case PREPARE -> {
        byte[] ephemeralBlob = new byte[WrappingUnit.BLOB_BYTES];
        answer(unit.prepareKey(given, ephemeralBlob), ephemeralBlob, told);
      }
      case DERIVE_SOFTWARE_SECRET -> {
        byte[] secret = new byte[WrappedKeyDerivation.SOFTWARE_SECRET_BYTES];
        answer(unit.softwareSecret(given, secret), secret, told);
      }
    }
  }

  private static void answer(boolean opened, byte[] output, WrappedKeyCompletion told) {
    if (opened) {
      told.done(Errno.OK, output);
    } else {
      told.done(Errno.EBADMSG, NO_OUTPUT);
    }
  }
}
