package blockdev.queue.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import blockdev.SimulationConfig;
import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.fs.FileSystem;
import blockdev.fs.FormatOptions;
import blockdev.fs.MountOptions;
import blockdev.fs.OpenFile;
import blockdev.fs.StrategyKind;
import blockdev.memory.HostMemory;
import blockdev.queue.BioSubmitter;
import blockdev.queue.layer.StripedTarget.Stripe;
import blockdev.sim.WaitPoint;
import inlinecrypt.CryptoKey;
import inlinecrypt.DataUnitNumber;
import inlinecrypt.Errno;
import inlinecrypt.KeyType;
import inlinecrypt.fscrypt.KeyIdentifier;
import inlinecrypt.keyslot.CryptoProfile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** One key for a whole device: its numbers, its refusals, and what it does to crypto above it. */
class InlineCryptTargetTest {
  private static final InlineCryptOptions LARGE = InlineCryptOptions.DEFAULT.withSectorBytes(4096);

  private final Disks disks =
      new Disks(
          SimulationConfig.defaults(),
          16 << 20,
          Disks.SMALL_BLOCKS,
          Disks.SMALL_BLOCKS.withProfile(CryptoProfile.none()));

  @AfterEach
  void close() {
    disks.close();
  }

  private InlineCryptTarget target(long sectors, InlineCryptOptions options) {
    return new InlineCryptTarget(
        disks.simulation.blkCrypto(), disks.device(0), 8, sectors, Disks.rawKey(1), options);
  }

  @ParameterizedTest
  @CsvSource({
    "256, 0, 512, 1",
    "257, 0, 512, 2",
    "1, 0, 512, 1",
    "2048, 0, 4096, 1",
    "2056, 0, 4096, 2",
    "8, 4294967288, 512, 4",
    "8, 4294967289, 512, 5",
    "8, -8, 512, 8",
    "8, -8, 4096, 8",
  })
  void theWidthOfItsNumbersFollowsFromTheLargest(
      long sectors, long ivOffset, int sectorBytes, int dunBytes) {
    InlineCryptOptions options = LARGE.withSectorBytes(sectorBytes).withIvOffset(ivOffset);
    try (InlineCryptTarget target = target(sectors, options)) {
      assertThat(target.config().dunBytes()).isEqualTo(dunBytes);
    }
  }

  @Test
  void numbersThatDoNotFitInto64BitsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> target(9, InlineCryptOptions.DEFAULT.withIvOffset(-8)))
        .withMessageContaining("18446744073709551608");
  }

  @Test
  void sectorsThatAreNoWholeDataUnitsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> target(12, LARGE))
        .withMessage("sectors must be whole data units of 8, is 12");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LARGE.withIvOffset(4))
        .withMessage("ivOffset must be a multiple of 8 sectors, is 4");
    for (int bytes : new int[] {256, 1536, 8192}) {
      assertThatIllegalArgumentException().isThrownBy(() -> LARGE.withSectorBytes(bytes));
    }
  }

  @Test
  void theLogicalBlockIsAtLeastADataUnit() {
    try (InlineCryptTarget target = target(16, LARGE)) {
      assertThat(disks.mapped(target).limits().logicalBlockBytes()).isEqualTo(4096);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> disks.mapped(new LinearTarget(disks.device(0), 0, 1), target))
          .withMessageContaining("start of target 1");
    }
    try (InlineCryptTarget target = target(16, LARGE.withSectorBytes(1024))) {
      assertThat(disks.mapped(target).limits().logicalBlockBytes()).isEqualTo(1024);
    }
  }

  @Test
  void aBioThatIsNotWholeDataUnitsIsKilled() {
    try (InlineCryptTarget target = target(16, LARGE)) {
      MappedDevice device = disks.mapped(target);
      assertThat(disks.write(device, 4, new byte[4096])).isEqualTo(BioStatus.IOERR);
      assertThat(disks.write(device, 0, new byte[512])).isEqualTo(BioStatus.IOERR);
      assertThat(target.setContext(bio(BioOp.WRITE, 4096), 4)).isEqualTo(BioStatus.IOERR);
    }
  }

  private static Bio bio(BioOp op, int bytes) {
    Bio bio = new Bio(1, ended -> {}).reset(op, 0);
    if (bytes > 0) {
      bio.addSegment(0, bytes);
    }
    return bio;
  }

  @Test
  void aBioGetsTheNumberOfItsSectorInTheTarget() {
    try (InlineCryptTarget target = target(64, LARGE.withIvOffset(800))) {
      Bio bio = bio(BioOp.READ, 8192);
      assertThat(target.setContext(bio, 16)).isEqualTo(BioStatus.OK);
      assertThat(bio.crypt().dun()).isEqualTo(DataUnitNumber.of((800 + 16) / 8));
    }
  }

  @Test
  void biosWithoutDataPassUntouched() {
    try (InlineCryptTarget target = target(64, LARGE.withDiscards())) {
      for (Bio bio :
          List.of(
              bio(BioOp.FLUSH, 0),
              bio(BioOp.WRITE, 0),
              bio(BioOp.DISCARD, 0).range(3),
              bio(BioOp.SECURE_ERASE, 0).range(3))) {
        assertThat(target.setContext(bio, 4)).as("%s", bio).isEqualTo(BioStatus.OK);
        assertThat(bio.crypt().isEmpty()).isTrue();
      }
      assertThat(disks.flush(disks.mapped(target))).isEqualTo(BioStatus.OK);
    }
  }

  @Test
  void discardsPassOnlyIfAllowedAndZeroesNever() {
    try (InlineCryptTarget target = target(64, LARGE)) {
      assertThat(target.setContext(bio(BioOp.DISCARD, 0).range(8), 0)).isEqualTo(BioStatus.NOTSUPP);
      assertThat(target.setContext(bio(BioOp.WRITE_ZEROES, 0).range(8), 0))
          .isEqualTo(BioStatus.NOTSUPP);
    }
  }

  @Test
  void aBioThatBringsAContextIsKilledAndCounted() {
    try (InlineCryptTarget target = target(64, LARGE);
        CryptoKey other = Disks.key(2, 4096)) {
      Bio bio = bio(BioOp.WRITE, 4096);
      bio.crypt().set(other, 5);
      assertThat(target.setContext(bio, 0)).isEqualTo(BioStatus.IOERR);
      assertThat(target.refusedContexts()).isEqualTo(1);
      assertThat(bio.crypt().key()).isSameAs(other);
    }
  }

  @Test
  void closingWhileABioIsUnderWayIsRefusedAndCanBeDoneAgain() {
    InlineCryptTarget target = target(64, LARGE);
    MappedDevice device = disks.mapped(target);
    WaitPoint done = new WaitPoint();
    Bio bio = new Bio(1, ended -> done.signal()).reset(BioOp.WRITE, 0);
    bio.addSegment(0, 4096);
    BioSubmitter submitter = device.submitter();
    submitter.submit(bio);
    assertThatIllegalStateException().isThrownBy(device::close).withMessageContaining("in use");
    submitter.await(done);
    assertThat(bio.status()).isEqualTo(BioStatus.OK);
    device.close();
    assertThat(disks.write(device, 0, new byte[4096])).isEqualTo(BioStatus.IOERR);
  }

  @Test
  void aKeyThatNobodyCanUseIsRefused() {
    try (Disks without =
        new Disks(
            SimulationConfig.defaults().withoutFallback(),
            1 << 20,
            Disks.SMALL_BLOCKS.withProfile(CryptoProfile.none()))) {
      assertThatIllegalStateException()
          .isThrownBy(() ->
              new InlineCryptTarget(
                  without.simulation.blkCrypto(), without.device(0), 0, 8, Disks.rawKey(1), LARGE))
          .withMessageContaining(Errno.ENOPKG.toString());
    }
    assertThatIllegalStateException()
        .isThrownBy(() -> target(8, LARGE.withKeyType(KeyType.HARDWARE_WRAPPED)))
        .withMessageContaining(Errno.EOPNOTSUPP.toString());
  }

  @Test
  void aTargetThatPassesNothingThroughLeavesRawKeysToTheFallbackAtTheTop() {
    int half = 8 * 512;
    byte[] plaintext = Disks.bytes(2 * half, 3);
    try (InlineCryptTarget own = target(8, LARGE);
        CryptoKey key = Disks.key(2, 4096)) {
      MappedDevice device = disks.mapped(new LinearTarget(disks.device(0), 100, 8), own);
      assertThat(device.profile().hasModes()).isFalse();
      assertThat(disks.write(device, 0, plaintext, key, 7)).isEqualTo(BioStatus.NOTSUPP);

      assertThat(disks.simulation.blkCrypto().startUsing(device, key)).isEqualTo(Errno.OK);
      assertThat(disks.writeThroughBlkCrypto(device, 0, plaintext, key, 7)).isEqualTo(BioStatus.OK);
      byte[] above = Disks.encrypt(Disks.rawKey(2), 4096, 7, plaintext);
      assertThat(disks.onMedium(0, 100, half)).isEqualTo(Arrays.copyOf(above, half));
      assertThat(disks.onMedium(0, 8, half))
          .as("encrypted again")
          .isEqualTo(
              Disks.encrypt(Disks.rawKey(1), 4096, 0, Arrays.copyOfRange(above, half, 2 * half)));
      assertThat(disks.device(0).keyslots().counters().programs())
          .as("the target's own key only")
          .isEqualTo(1);
      disks.evictThroughBlkCrypto(device, key);
    }
  }

  /** The bio above has all the pages that are kept back until the target is done with it. */
  @Test
  void aFallbackAboveATargetThatNeedsItTooDoesNotWaitForItself() {
    byte[] page = Disks.bytes(4096, 3);
    int pages = Bio.MAX_SEGMENTS;
    try (InlineCryptTarget own =
            new InlineCryptTarget(
                disks.simulation.blkCrypto(), disks.device(1), 0, 4096, Disks.rawKey(1), LARGE);
        CryptoKey key = Disks.key(2, 4096)) {
      MappedDevice device = disks.mapped(own);
      assertThat(disks.simulation.blkCrypto().startUsing(device, key)).isEqualTo(Errno.OK);
      HostMemory memory = device.memory();
      long at = memory.allocate(4096);
      MemorySegment.copy(page, 0, memory.segment(), ValueLayout.JAVA_BYTE, at, 4096);
      while (memory.allocate(4096) != HostMemory.NONE) {
        // until only what is reserved is left
      }
      WaitPoint done = new WaitPoint();
      Bio bio = new Bio(pages, ended -> done.signal()).reset(BioOp.WRITE, 0);
      for (int i = 0; i < pages; i++) {
        bio.addSegment(at, 4096);
      }
      bio.crypt().set(key, 7);
      BioSubmitter submitter = disks.simulation.blkCrypto().submitter(device);
      submitter.submit(bio);
      submitter.await(done);
      assertThat(bio.status()).isEqualTo(BioStatus.OK);
      byte[] last = Disks.encrypt(Disks.rawKey(2), 4096, 7 + pages - 1, page);
      assertThat(disks.onMedium(1, (pages - 1) * 8L, 4096))
          .isEqualTo(Disks.encrypt(Disks.rawKey(1), 4096, pages - 1, last));
      disks.evictThroughBlkCrypto(device, key);
    }
  }

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void aFilesystemOnItHasNothingInTheClear(StrategyKind strategy) {
    byte[] content = Disks.bytes(100_000, 5);
    long sectors = (16 << 20) / 512 - 16;
    MappedDevice stripes =
        disks.mapped(
            new StripedTarget(
                sectors,
                8,
                List.of(new Stripe(disks.device(0), 0), new Stripe(disks.device(1), 0))));
    for (int mount = 0; mount < 2; mount++) {
      InlineCryptTarget target =
          new InlineCryptTarget(
              disks.simulation.blkCrypto(), stripes, 0, sectors, Disks.rawKey(1), LARGE);
      try (MappedDevice device = disks.mapped(target)) {
        if (mount == 0) {
          FileSystem.format(device, FormatOptions.of(strategy));
        }
        try (FileSystem fs =
            FileSystem.mount(device, disks.simulation.blkCrypto(), MountOptions.seeded(1))) {
          KeyIdentifier key = fs.addKey(Disks.bytes(64, 7));
          if (mount == 0) {
            fs.makeDirectory("/directory");
            fs.setPolicy("/directory", key);
            try (OpenFile file = fs.create("/directory/planted-name")) {
              file.write(0, MemorySegment.ofArray(content));
              file.fsync();
            }
          }
          byte[] read = new byte[content.length];
          try (OpenFile file = fs.open("/directory/planted-name")) {
            file.read(0, MemorySegment.ofArray(read));
          }
          assertThat(read).isEqualTo(content);
        }
      }
    }
    for (int i = 0; i < 2; i++) {
      String onMedium = new String(disks.onMedium(i, 0, 16 << 20), StandardCharsets.ISO_8859_1);
      assertThat(onMedium.contains("planted-name")).isFalse();
      assertThat(onMedium.chars().filter(character -> character != 0).count())
          .as("both have a part of it")
          .isGreaterThan(50_000);
    }
  }
}
