package blockdev.queue.layer;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.DeviceModel;
import blockdev.SimulationConfig;
import blockdev.queue.BlockDevice;
import blockdev.sim.WaitPoint;
import inlinecrypt.Errno;
import inlinecrypt.keyslot.WrappedKeyOperation;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class LayeredWrappedKeysTest {
  private static final byte[] NO_INPUT = {};

  /** What an operation gave. */
  record Answer(Errno result, byte[] output) {}

  @Test
  void theFirstDeviceThatCanDoItAnswers() {
    try (Disks disks = wrapped();
        MappedDevice layer = overBoth(disks)) {
      Answer generated = perform(layer, WrappedKeyOperation.GENERATE, NO_INPUT);
      assertThat(generated.result).isEqualTo(Errno.OK);
      assertThat(perform(disks.device(0), WrappedKeyOperation.PREPARE, generated.output).result)
          .isEqualTo(Errno.OK);
      assertThat(perform(disks.device(1), WrappedKeyOperation.PREPARE, generated.output).result)
          .as("a blob of other hardware")
          .isEqualTo(Errno.EBADMSG);
    }
  }

  @Test
  void aBlobThatTheFirstDeviceCannotOpenIsTriedOnTheNext() {
    try (Disks disks = wrapped();
        MappedDevice layer = overBoth(disks)) {
      Answer ofSecond = perform(disks.device(1), WrappedKeyOperation.GENERATE, NO_INPUT);
      assertThat(perform(layer, WrappedKeyOperation.PREPARE, ofSecond.output).result)
          .isEqualTo(Errno.OK);
    }
  }

  @Test
  void whatNoDeviceCanDoEndsAsOnTheLast() {
    try (Disks disks = wrapped();
        MappedDevice layer = overBoth(disks)) {
      assertThat(perform(layer, WrappedKeyOperation.PREPARE, new byte[64]).result)
          .isEqualTo(Errno.EBADMSG);
    }
  }

  @Test
  void besideADeviceThatTakesRawKeysOnlyThereAreNoWrappedOnes() {
    DeviceModel takesBoth = DeviceModel.ufsWrapped(4).withLogicalBlockBytes(512);
    try (Disks disks =
            new Disks(SimulationConfig.defaults(), 1 << 20, takesBoth, Disks.SMALL_BLOCKS);
        MappedDevice layer = overBoth(disks)) {
      assertThat(perform(layer, WrappedKeyOperation.GENERATE, NO_INPUT).result)
          .isEqualTo(Errno.EOPNOTSUPP);
    }
  }

  private static Disks wrapped() {
    DeviceModel model = DeviceModel.ufsWrapped(4).withLogicalBlockBytes(512);
    return new Disks(SimulationConfig.defaults(), 1 << 20, model, model.withIdentitySeed(2));
  }

  private static MappedDevice overBoth(Disks disks) {
    return disks.mapped(
        new LinearTarget(disks.device(0), 0, 100), new LinearTarget(disks.device(1), 0, 100));
  }

  private static Answer perform(BlockDevice device, WrappedKeyOperation operation, byte[] input) {
    AtomicReference<Answer> told = new AtomicReference<>(new Answer(Errno.EIO, NO_INPUT));
    WaitPoint done = new WaitPoint();
    device
        .wrappedKeys()
        .perform(
            operation,
            input,
            (result, output) -> {
              told.set(new Answer(result, output));
              done.signal();
            });
    device.submitter().await(done);
    return told.get();
  }
}
