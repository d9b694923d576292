package blockdev.queue.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import blockdev.SimulationConfig;
import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.queue.BioSubmitter;
import blockdev.queue.layer.StripedTarget.Stripe;
import blockdev.sim.SimThread;
import blockdev.sim.WaitPoint;
import inlinecrypt.CryptoKey;
import inlinecrypt.Errno;
import inlinecrypt.keyslot.KeyslotCounters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One bio on a mapped device: its clones, its end, and what the devices below see of it. */
class MappedDeviceTest {
  private final Disks disks = Disks.of(2);

  @AfterEach
  void close() {
    disks.close();
  }

  /** 5 sectors of the first device, then 11 of the second, then the first in chunks with it. */
  private MappedDevice oddBorders() {
    return disks.mapped(
        new MappingTable(
            new LinearTarget(disks.device(0), 100, 5),
            new LinearTarget(disks.device(1), 200, 11),
            new StripedTarget(
                18,
                3,
                List.of(new Stripe(disks.device(1), 300), new Stripe(disks.device(0), 400)))));
  }

  @Test
  void aBioIsCutAtEveryBorderAndItsDataUnitNumberGoesOn() {
    MappedDevice device = oddBorders();
    byte[] plaintext = Disks.bytes(20 * 512, 1);
    long dun = -9; // the number's first limb is full after 9 units
    try (CryptoKey key = Disks.key(1, 512)) {
      assertThat(disks.write(device, 2, plaintext, key, dun)).isEqualTo(BioStatus.OK);
      byte[] expected = Disks.encrypt(Disks.rawKey(1), 512, dun, plaintext);
      assertThat(disks.onMedium(0, 102, 3 * 512)).isEqualTo(sectors(expected, 0, 3));
      assertThat(disks.onMedium(1, 200, 11 * 512)).isEqualTo(sectors(expected, 3, 11));
      assertThat(disks.onMedium(1, 300, 3 * 512)).isEqualTo(sectors(expected, 14, 3));
      assertThat(disks.onMedium(0, 400, 3 * 512)).isEqualTo(sectors(expected, 17, 3));
      assertThat(disks.read(device, 2, 20 * 512, key, dun)).isEqualTo(plaintext);
      assertThat(Disks.evict(device, key)).isEqualTo(Errno.OK);
    }
  }

  private static byte[] sectors(byte[] bytes, int first, int count) {
    return Arrays.copyOfRange(bytes, first * 512, (first + count) * 512);
  }

  /** What a request-based layer would show, shown by the one kind of layer there is. */
  @Test
  void theLayerHasNoKeyslotAndTheCloneBelowHasOne() {
    MappedDevice device = oddBorders();
    try (CryptoKey key = Disks.key(1, 512)) {
      assertThat(device.profile().slotCount()).isZero();
      disks.write(device, 0, new byte[512], key, 0);
      assertThat(keyslots(0).programs()).isEqualTo(1);
      assertThat(keyslots(1).programs()).isZero();
      disks.write(device, 5, new byte[512], key, 0);
      assertThat(keyslots(1).programs()).isEqualTo(1);
      Disks.evict(device, key);
    }
  }

  private KeyslotCounters keyslots(int device) {
    return disks.device(device).keyslots().counters();
  }

  @Test
  void aBorderInsideADataUnitLeavesPartsThatNoDeviceTakes() {
    MappedDevice device =
        disks.mapped(
            new MappingTable(
                new LinearTarget(disks.device(0), 0, 7), new LinearTarget(disks.device(1), 0, 9)));
    try (CryptoKey key = Disks.key(1, 4096)) {
      assertThat(disks.write(device, 0, new byte[8192], key, 0)).isEqualTo(BioStatus.INVAL);
      Disks.evict(device, key);
    }
  }

  @Test
  void aBioEndsAfterAllItsClonesWithTheFirstError() {
    MappedDevice shrinking = onFirst(0, 16);
    MappedDevice device =
        disks.mapped(
            new MappingTable(
                new LinearTarget(disks.device(0), 100, 8),
                new LinearTarget(shrinking, 8, 8),
                new LinearTarget(disks.device(1), 200, 8)));
    shrinking.swap(new MappingTable(new LinearTarget(disks.device(0), 0, 8)));
    byte[] data = Disks.bytes(24 * 512, 4);
    assertThat(disks.write(device, 0, data)).isEqualTo(BioStatus.IOERR);
    assertThat(disks.onMedium(0, 100, 8 * 512)).isEqualTo(sectors(data, 0, 8));
    assertThat(disks.onMedium(1, 200, 8 * 512)).isEqualTo(sectors(data, 16, 8));
  }

  private MappedDevice onFirst(long startSector, long sectors) {
    return disks.mapped(new MappingTable(new LinearTarget(disks.device(0), startSector, sectors)));
  }

  @Test
  void aBioThatTheLayerRefusesReachesNoDevice() {
    MappedDevice device = oddBorders();
    assertThat(disks.write(device, 30, new byte[5 * 512])).isEqualTo(BioStatus.IOERR);
    assertThat(disks.write(device, -1, new byte[512])).isEqualTo(BioStatus.IOERR);
    try (CryptoKey tooLarge = Disks.key(1, 1 << 20)) {
      assertThat(disks.write(device, 0, new byte[512], tooLarge, 0)).isEqualTo(BioStatus.NOTSUPP);
    }
    try (CryptoKey key = Disks.key(1, 512)) {
      WaitPoint done = new WaitPoint();
      Bio flush = new Bio(0, ended -> done.signal()).reset(BioOp.FLUSH, 0);
      flush.crypt().set(key, 0);
      device.submitter().submit(flush);
      device.submitter().await(done);
      assertThat(flush.status()).isEqualTo(BioStatus.IOERR);
    }
    assertThat(disks.device(0).counters().bios()).isZero();
    assertThat(disks.device(1).counters().bios()).isZero();
  }

  @Test
  void aClosedKeyIsRefusedBeforeAnythingIsSubmitted() {
    MappedDevice device = oddBorders();
    CryptoKey key = Disks.key(1, 512);
    key.close();
    Bio bio = new Bio(1, ended -> {}).reset(BioOp.WRITE, 0);
    bio.addSegment(0, 20 * 512);
    bio.crypt().set(key, 0);
    assertThatIllegalStateException().isThrownBy(() -> device.submitter().submit(bio));
    assertThat(disks.device(0).counters().bios()).isZero();
  }

  @Test
  void aFlushGoesOnceToEachDevice() {
    MappedDevice device = oddBorders();
    assertThat(disks.flush(device)).isEqualTo(BioStatus.OK);
    assertThat(disks.device(0).counters().requests()).isEqualTo(1);
    assertThat(disks.device(1).counters().requests()).isEqualTo(1);
  }

  @Test
  void aRangeWithoutDataIsCutToo() {
    MappedDevice device = oddBorders();
    WaitPoint done = new WaitPoint();
    Bio discard = new Bio(0, ended -> done.signal()).reset(BioOp.DISCARD, 0).range(16);
    device.submitter().submit(discard);
    device.submitter().await(done);
    assertThat(discard.status()).isEqualTo(BioStatus.OK);
    assertThat(disks.device(0).counters().bios()).isEqualTo(1);
    assertThat(disks.device(1).counters().bios()).isEqualTo(1);
  }

  @Test
  void biosInAPlugMergeOnTheDeviceBelow() {
    MappedDevice device = oddBorders();
    BioSubmitter submitter = device.submitter();
    int[] left = {4};
    WaitPoint all = new WaitPoint();
    submitter.startPlug();
    for (int i = 0; i < 4; i++) {
      Bio bio =
          new Bio(
              1,
              ended -> {
                if (--left[0] == 0) {
                  all.signal();
                }
              });
      bio.reset(BioOp.WRITE, 5 + 2 * i).addSegment(i * 4096L, 1024);
      submitter.submit(bio);
    }
    assertThat(disks.device(1).counters().requests()).as("memory has gaps").isEqualTo(4);
    submitter.finishPlug();
    submitter.await(all);

    left[0] = 2;
    all.reset();
    submitter.startPlug();
    for (int i = 0; i < 2; i++) {
      Bio bio =
          new Bio(
              1,
              ended -> {
                if (--left[0] == 0) {
                  all.signal();
                }
              });
      bio.reset(BioOp.WRITE, 16 + 6 * i).addSegment(4096L * i, 3 * 512); // chunks of device 1
      submitter.submit(bio);
    }
    submitter.await(all); // flushes the plug of all devices
    submitter.finishPlug();
    assertThat(disks.device(1).counters().requests()).isEqualTo(6);
  }

  @Test
  void evictAsksAllDevicesThoughTheFirstFails() {
    MappedDevice device = oddBorders();
    CryptoKey key = Disks.key(1, 512);
    disks.write(device, 0, new byte[10 * 512], key, 0);
    assertThat(keyslots(0).programs() + keyslots(1).programs()).isEqualTo(2);
    WaitPoint done = new WaitPoint();
    Bio bio = new Bio(1, ended -> done.signal()).reset(BioOp.WRITE, 0);
    bio.addSegment(0, 512);
    bio.crypt().set(key, 0);
    device.submitter().submit(bio); // so the first device's slot is busy
    assertThat(Disks.evict(device, key)).as("as Linux answers").isEqualTo(Errno.OK);
    assertThat(keyslots(0).busyEvicts()).isEqualTo(1);
    assertThat(keyslots(1).evicts()).isEqualTo(1);
    assertThat(disks.simulation.blkCrypto().failedEvicts()).isEqualTo(1);
    device.submitter().await(done);
    key.close();
  }

  @Test
  void evictAsksTheDevicesOfEarlierTablesTooForTheyMayHaveTheKey() {
    MappedDevice device = onFirst(0, 16);
    CryptoKey key = Disks.key(1, 512);
    disks.write(device, 0, new byte[512], key, 0);
    device.swap(new MappingTable(new LinearTarget(disks.device(1), 0, 16))).close();
    assertThat(Disks.evict(device, key)).isEqualTo(Errno.OK);
    assertThat(keyslots(0).evicts()).isEqualTo(1);
    key.close();
  }

  @Test
  void biosUnderWayEndOnTheOldTable() {
    MappingTable old = new MappingTable(new LinearTarget(disks.device(0), 0, 16));
    MappedDevice device = disks.mapped(old);
    WaitPoint done = new WaitPoint();
    Bio bio = new Bio(1, ended -> done.signal()).reset(BioOp.WRITE, 0);
    disks.simulation.queue().memory().segment().asSlice(0, 4096).fill((byte) 'x');
    bio.addSegment(0, 4096);
    BioSubmitter submitter = device.submitter();
    submitter.startPlug();
    submitter.submit(bio);
    assertThat(device.swap(new MappingTable(new LinearTarget(disks.device(1), 0, 16))))
        .isSameAs(old);
    byte[] later = Disks.bytes(4096, 2);
    assertThat(disks.write(device, 8, later)).isEqualTo(BioStatus.OK);
    submitter.finishPlug();
    submitter.await(done);
    old.close();
    assertThat(bio.status()).isEqualTo(BioStatus.OK);
    assertThat(disks.onMedium(0, 0, 4096)).containsOnly('x');
    assertThat(disks.onMedium(1, 8, 4096)).isEqualTo(later);
    assertThat(disks.onMedium(0, 8, 4096)).containsOnly(0);
  }

  @Test
  void aTableOfAnotherSimulationIsRefused() {
    MappedDevice device = oddBorders();
    try (Disks others = Disks.of(1)) {
      MappingTable other = new MappingTable(new LinearTarget(others.device(0), 0, 34));
      assertThatIllegalArgumentException().isThrownBy(() -> device.swap(other));
    }
  }

  @Test
  void layersStack() {
    MappedDevice lower = oddBorders();
    MappedDevice upper =
        disks.mapped(
            new MappingTable(new LinearTarget(lower, 4, 10), new LinearTarget(lower, 0, 4)));
    byte[] data = Disks.bytes(14 * 512, 3);
    assertThat(disks.write(upper, 0, data)).isEqualTo(BioStatus.OK);
    assertThat(disks.onMedium(0, 104, 512)).isEqualTo(sectors(data, 0, 1));
    assertThat(disks.onMedium(1, 200, 9 * 512)).isEqualTo(sectors(data, 1, 9));
    assertThat(disks.onMedium(0, 100, 4 * 512)).isEqualTo(sectors(data, 10, 4));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void threadsThatShareALayerEachHaveTheirOwnWayIntoEachDevice(boolean virtualTime) {
    SimulationConfig config = SimulationConfig.defaults();
    try (Disks shared =
        new Disks(
            virtualTime ? config : config.withImmediateTime(),
            1 << 20,
            Disks.SMALL_BLOCKS,
            Disks.SMALL_BLOCKS)) {
      MappedDevice device =
          shared.mapped(
              new MappingTable(
                  new StripedTarget(
                      4096,
                      8,
                      List.of(new Stripe(shared.device(1), 0), new Stripe(shared.device(0), 0)))));
      List<SimThread> threads = new ArrayList<>();
      for (int thread = 0; thread < 3; thread++) {
        int number = thread;
        threads.add(
            shared
                .simulation
                .time()
                .start(
                    "writer-" + thread,
                    () -> {
                      if (number == 1) { // in immediate time its index may differ by device
                        shared.write(shared.device(1), 2000, new byte[512]);
                      }
                      for (int round = 0; round < 50; round++) {
                        long sector = number * 1000 + round * 16L;
                        byte[] data = Disks.bytes(8192, sector);
                        assertThat(shared.write(device, sector, data)).isEqualTo(BioStatus.OK);
                        assertThat(shared.read(device, sector, 8192)).isEqualTo(data);
                      }
                    }));
      }
      threads.forEach(SimThread::join);
    }
  }
}
