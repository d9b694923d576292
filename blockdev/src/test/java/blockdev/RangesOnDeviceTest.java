package blockdev;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.media.Medium;
import blockdev.media.MemoryMedium;
import blockdev.media.NullMedium;
import blockdev.queue.BioSubmitter;
import blockdev.queue.BlockDevice;
import blockdev.sim.WaitPoint;
import inlinecrypt.CryptoKey;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Discards and zeroes from the block layer to the medium. */
class RangesOnDeviceTest {
  @ParameterizedTest
  @CsvSource({"DISCARD, false", "DISCARD, true", "WRITE_ZEROES, false", "WRITE_ZEROES, true"})
  void theRangeAndNothingElseReadsAsZeroesWithAndWithoutAKey(BioOp op, boolean encrypted) {
    try (KeyedDevice device = new KeyedDevice(DeviceModel.ufs(4).withLogicalBlockBytes(512));
        CryptoKey key = KeyedDevice.raw(rawKey())) {
      byte[] data = new byte[65536];
      Arrays.fill(data, (byte) 0x42);
      assertThat(device.write(key, data)).isEqualTo(BioStatus.OK);
      assertThat(run(device.queue, op, 8, 24)).isEqualTo(BioStatus.OK);
      byte[] resting = device.medium.segment().asSlice(4096, 12288).toArray(ValueLayout.JAVA_BYTE);
      assertThat(resting).containsOnly(0);
      if (encrypted) {
        Arrays.fill(data, 4096, 16384, (byte) 0);
        assertThat(device.read(key, 65536)).isEqualTo(data);
      } else {
        Bio read = new Bio(1, ended -> {}).reset(BioOp.READ, 8);
        read.addSegment(device.page, 12288);
        device.queue.submit(read);
        WaitPoint done = new WaitPoint();
        device.queue.events().schedule(done::signal, 1_000_000_000);
        device.queue.await(done);
        byte[] bytes = device.memory.asSlice(device.page, 12288).toArray(ValueLayout.JAVA_BYTE);
        assertThat(bytes).containsOnly(0);
      }
      device.simulation.queue().evict(key, result -> {});
    }
  }

  @Test
  void zeroesAreCutToTheLargestTransferAndDiscardsAreNot() {
    try (MemoryMedium medium = new MemoryMedium(16 << 20);
        Simulation simulation = new Simulation(SimulationConfig.defaults(), medium)) {
      BlockDevice device = simulation.queue();
      assertThat(device.limits().maxWriteZeroesSectors()).isEqualTo(2048);
      assertThat(device.limits().maxDiscardSectors()).isEqualTo(4_194_296);
      medium.segment().fill((byte) 1);
      assertThat(run(device.submitter(), BioOp.WRITE_ZEROES, 0, 16384)).isEqualTo(BioStatus.OK);
      assertThat(simulation.queue().counters().requests()).isEqualTo(8);
      medium.segment().fill((byte) 1);
      assertThat(run(device.submitter(), BioOp.DISCARD, 0, 32768)).isEqualTo(BioStatus.OK);
      assertThat(simulation.queue().counters().requests()).isEqualTo(9);
      assertThat(medium.segment().asSlice(0, 4096).toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
    }
  }

  @Test
  void nothingErasesSecurely() {
    try (KeyedDevice device = new KeyedDevice(DeviceModel.ufs(4))) {
      assertThat(run(device.queue, BioOp.SECURE_ERASE, 0, 8)).isEqualTo(BioStatus.NOTSUPP);
    }
  }

  @Test
  void aMediumWithoutBytesTakesThemToo() {
    try (Medium medium = new NullMedium(1L << 40);
        Simulation simulation = new Simulation(SimulationConfig.defaults(), medium)) {
      BioSubmitter submitter = simulation.queue().submitter();
      assertThat(run(submitter, BioOp.DISCARD, 1L << 30, 4_194_296)).isEqualTo(BioStatus.OK);
      assertThat(run(submitter, BioOp.WRITE_ZEROES, 1L << 30, 8)).isEqualTo(BioStatus.OK);
    }
  }

  private static byte[] rawKey() {
    byte[] raw = new byte[64];
    raw[0] = 1;
    return raw;
  }

  private static BioStatus run(BioSubmitter submitter, BioOp op, long sector, int sectors) {
    WaitPoint done = new WaitPoint();
    Bio bio = new Bio(0, ended -> done.signal()).reset(op, sector).range(sectors);
    submitter.submit(bio);
    submitter.await(done);
    return bio.status();
  }
}
