package blockdev.queue.crypto;

import static blockdev.queue.crypto.FallbackUnderTest.PAGE;
import static blockdev.queue.crypto.FallbackUnderTest.encrypted;
import static blockdev.queue.crypto.FallbackUnderTest.key;
import static blockdev.queue.crypto.FallbackUnderTest.raw;
import static blockdev.queue.crypto.FallbackUnderTest.xts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.bio.QueueLimits;
import blockdev.queue.BlockQueue;
import blockdev.queue.IoThreads;
import blockdev.queue.Scheduler;
import blockdev.queue.layer.LinearTarget;
import blockdev.queue.layer.MappedDevice;
import blockdev.queue.layer.MappingTable;
import blockdev.trace.Tracer;
import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import inlinecrypt.DataUnitNumber;
import inlinecrypt.Errno;
import inlinecrypt.keyslot.CryptoProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Writes that are encrypted in software. */
class FallbackWriteTest {
  private final FallbackUnderTest under = new FallbackUnderTest();

  @AfterEach
  void close() {
    under.close();
  }

  @Test
  void thePlaintextStaysAsItIsAndTheDeviceSeesCiphertextWithoutAContext() {
    Bio bio = under.pageBio(BioOp.WRITE, 8, under.startedKey(1), 77);
    byte[] plaintext = under.content(bio);
    under.submitAndSettle(bio);
    assertThat(bio.status()).isEqualTo(BioStatus.OK);
    assertThat(under.content(bio)).isEqualTo(plaintext);
    assertThat(under.onMedium(8, PAGE)).isEqualTo(encrypted(1, 77, plaintext));
    assertThat(under.commands)
        .containsExactly(
            new FallbackUnderTest.Command(BioOp.WRITE, 8, PAGE, false, false, false, true));
  }

  @Test
  void theContextOfTheSourceDoesNotMoveOn() {
    CryptoKey key = under.startedKey(1);
    Bio bio = under.bigBio(BioOp.WRITE, 0, key, 5, 3);
    under.submitAndSettle(bio);
    assertThat(bio.crypt().key()).isSameAs(key);
    assertThat(bio.crypt().dun()).isEqualTo(DataUnitNumber.of(5));
  }

  @Test
  void aWriteOf300PagesBecomesTwoBiosThatContinueEachOtherAndOneEnd() {
    Bio bio = under.bigBio(BioOp.WRITE, 16, under.startedKey(1), -1, 300);
    byte[] plaintext = under.content(bio);
    under.holding = true;
    under.submitAndSettle(bio);
    assertThat(under.commands)
        .containsExactly(
            new FallbackUnderTest.Command(BioOp.WRITE, 16, 256 * PAGE, false, false, false, true),
            new FallbackUnderTest.Command(
                BioOp.WRITE, 16 + 256 * 8, 44 * PAGE, false, false, false, true));
    under.release();
    assertThat(under.ended).isEmpty();
    under.release();
    assertThat(under.ended).containsExactly(bio);
    assertThat(bio.status()).isEqualTo(BioStatus.OK);
    assertThat(under.onMedium(16, 300 * PAGE)).isEqualTo(encrypted(1, -1, plaintext));
    assertThat(under.fallback.counters()).isEqualTo(new FallbackCounters(1, 0, 2, 0));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 256 * 8})
  void anErrorOfOnePartEndsTheSourceAfterAllParts(long failingSector) {
    Bio bio = under.bigBio(BioOp.WRITE, 0, under.startedKey(1), 0, 300);
    under.faults = (op, sector) -> sector == failingSector ? BioStatus.MEDIUM : BioStatus.OK;
    under.holding = true;
    under.submitAndSettle(bio);
    under.release();
    assertThat(under.ended).isEmpty();
    under.release();
    assertThat(under.ended).containsExactly(bio);
    assertThat(bio.status()).isEqualTo(BioStatus.MEDIUM);
  }

  @Test
  void theFirstErrorWins() {
    Bio bio = under.bigBio(BioOp.WRITE, 0, under.startedKey(1), 0, 300);
    under.faults = (op, sector) -> sector == 0 ? BioStatus.TARGET : BioStatus.MEDIUM;
    under.submitAndSettle(bio);
    assertThat(bio.status()).isEqualTo(BioStatus.TARGET);
  }

  @Test
  void whatCameBeforeAMisalignedSegment257IsOnTheMedium() {
    Bio bio = under.bigBio(BioOp.WRITE, 0, under.startedKey(1), 0, 256);
    byte[] aligned = under.content(bio);
    bio.addSegment(under.randomMemory(PAGE), 512);
    under.submitAndSettle(bio);
    assertThat(bio.status()).isEqualTo(BioStatus.INVAL);
    assertThat(under.ended).containsExactly(bio);
    assertThat(under.onMedium(0, 256 * PAGE)).isEqualTo(encrypted(1, 0, aligned));
    assertThat(under.onMedium(256 * 8, 512)).isEqualTo(new byte[512]);
    assertThat(under.commands).hasSize(1);
  }

  @Test
  void aMisalignedSegmentAmongTheFirst256LeavesNothingOnTheMedium() {
    Bio tooShort = under.pageBio(BioOp.WRITE, 0, under.startedKey(1), 0);
    tooShort.addSegment(under.randomMemory(PAGE), 512);
    Bio inThePage = under.bio(BioOp.WRITE, 0, under.startedKey(1), 0);
    inThePage.addSegment(under.randomMemory(2 * PAGE) + 512, PAGE);
    Bio alone = under.bio(BioOp.WRITE, 0, under.startedKey(1), 0);
    alone.addSegment(under.randomMemory(PAGE), 512);
    under.submitAndSettle(tooShort, inThePage, alone);
    assertThat(under.ended).containsExactlyInAnyOrder(tooShort, inThePage, alone);
    assertThat(under.ended).extracting(Bio::status).containsOnly(BioStatus.INVAL);
    assertThat(under.commands).isEmpty();
  }

  @Test
  void partsOfPagesKeepTheirPlaceInThePage() {
    CryptoConfig config = xts(512);
    Bio bio = under.bio(BioOp.WRITE, 1, under.started(config, 1), 9);
    long page = under.randomMemory(4 * PAGE);
    bio.addSegment(page + 512, 1024);
    bio.addSegment(page + PAGE + 3072, 2048); // over the border of two pages
    byte[] plaintext = under.content(bio);
    under.submitAndSettle(bio);
    assertThat(bio.status()).isEqualTo(BioStatus.OK);
    assertThat(under.onMedium(1, 3072))
        .isEqualTo(encrypted(config, raw(config.mode(), 1), DataUnitNumber.of(9), plaintext));
  }

  @Test
  void aDataUnitLargerThanAPageIsForHardwareOnly() {
    CryptoProfile profile = new CryptoProfile(2, 8, Map.of(CryptoMode.AES_256_XTS, 8192));
    try (FallbackUnderTest capable = new FallbackUnderTest(profile)) {
      Bio inHardware = capable.bio(BioOp.WRITE, 0, capable.started(xts(8192), 1), 0);
      inHardware.addSegment(capable.randomMemory(8192), 8192);
      Bio inSoftware =
          capable.bio(BioOp.WRITE, 100, capable.started(xts(8192).withAllowHardware(false), 2), 0);
      inSoftware.addSegment(capable.randomMemory(8192), 8192);
      capable.submitAndSettle(inHardware, inSoftware);
      assertThat(inHardware.status()).isEqualTo(BioStatus.OK);
      assertThat(inSoftware.status()).isEqualTo(BioStatus.INVAL);
      assertThat(capable.commands).hasSize(1);
    }
  }

  @Test
  void aDataUnitSizeThatTheCipherCannotDoIsAnError() {
    Bio bio = under.pageBio(BioOp.WRITE, 0, under.started(xts(8), 1), 0);
    under.submitAndSettle(bio);
    assertThat(bio.status()).isEqualTo(BioStatus.IOERR);
    assertThat(under.commands).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = BioOp.class,
      names = {"READ", "WRITE"})
  void aModeThatWasNeverStartedIsAnErrorAndStartedForAnotherDeviceItWorks(BioOp op) {
    CryptoKey key = key(xts(4096), 1);
    Bio early = under.pageBio(op, 0, key, 0);
    under.started(new CryptoConfig(CryptoMode.ADIANTUM, 4096, 32), 3);
    under.submitAndSettle(early);
    assertThat(early.status()).isEqualTo(BioStatus.IOERR);
    assertThat(under.commands).isEmpty();

    BlockQueue other =
        new BlockQueue(
            new QueueLimits(512, 1 << 20, 256),
            1,
            CryptoProfile.none(),
            under.keyslots,
            under.memory,
            Tracer.OFF,
            (index, request) -> {},
            new IoThreads(List.of(under.events)),
            1,
            Scheduler.NONE);
    assertThat(under.crypto.startUsing(other, key(xts(512), 2))).isEqualTo(Errno.OK);
    Bio late = under.pageBio(op, 0, key, 0);
    under.submitAndSettle(late);
    assertThat(late.status()).isEqualTo(BioStatus.OK);
  }

  @Test
  void aWrappedKeyIsRefusedOnceItsModeIsStarted() {
    Bio early = under.pageBio(BioOp.WRITE, 0, FallbackUnderTest.wrappedKey(), 0);
    under.submitAndSettle(early);
    assertThat(early.status()).isEqualTo(BioStatus.IOERR);
    under.startedKey(1);
    Bio late = under.pageBio(BioOp.WRITE, 0, FallbackUnderTest.wrappedKey(), 0);
    under.submitAndSettle(late);
    assertThat(late.status()).isEqualTo(BioStatus.NOTSUPP);
    assertThat(under.commands).isEmpty();
  }

  @Test
  void flagsGoToEveryPart() {
    Bio bio = under.bigBio(BioOp.WRITE, 0, under.startedKey(1), 0, 257);
    bio.forceUnitAccess().noWait().noMerge();
    under.submitAndSettle(bio);
    assertThat(bio.status()).isEqualTo(BioStatus.OK);
    assertThat(under.commands).hasSize(2);
    assertThat(under.commands)
        .allMatch(command -> command.forced() && command.noWait() && !command.mayMerge());
  }

  @Test
  void theSlotIsHeldDuringEncryptionOnlyAndNotDuringTheDevicesWork() {
    CryptoKey key = under.startedKey(1);
    under.holding = true;
    Bio bio = under.pageBio(BioOp.WRITE, 0, key, 0);
    under.submitAndSettle(bio);
    List<Errno> results = new ArrayList<>();
    under.crypto.evict(under.device, key, results::add);
    assertThat(results).containsExactly(Errno.OK);
    key.close();
    under.release();
    assertThat(bio.status()).isEqualTo(BioStatus.OK);
  }

  @Test
  void theEndOfABioThatFailedMayEvictItsKey() {
    CryptoKey key = under.startedKey(1);
    List<Errno> results = new ArrayList<>();
    Bio bio = new Bio(1, ended -> under.crypto.evict(under.device, key, results::add));
    bio.reset(BioOp.WRITE, 0).addSegment(under.randomMemory(PAGE), 512);
    bio.crypt().set(key, 0);
    under.submitAndSettle(bio);
    assertThat(results).containsExactly(Errno.OK);
    assertThat(under.fallback.keyslotCounters().busyEvicts()).isZero();
  }

  @Test
  void aKeyStaysInItsSlotForTheNextBio() {
    CryptoKey key = under.startedKey(1);
    under.submitAndSettle(under.pageBio(BioOp.WRITE, 0, key, 0));
    under.submitAndSettle(under.pageBio(BioOp.WRITE, 8, key, 1));
    assertThat(under.fallback.keyslotCounters().programs()).isEqualTo(1);
    assertThat(under.fallback.keyslotCounters().hits()).isEqualTo(1);
  }

  // ---- shortage

  @Test
  void writesOfASubmitterKeepTheirOrderWhileTheFirstWaits() {
    long page = under.randomMemory(PAGE);
    CryptoKey[] keys = {under.startedKey(0), under.startedKey(1), under.startedKey(2)};
    under.submitAndSettle(under.pageBio(BioOp.WRITE, 100, keys[1], 0)); // has a slot
    Bio greedy = under.takeAllBouncePages();
    Bio[] bios = new Bio[3];
    for (int i = 0; i < bios.length; i++) {
      bios[i] = under.bio(BioOp.WRITE, 8L * i, keys[i], 0);
      bios[i].addSegment(page, PAGE);
    }
    under.commands.clear();
    under.ended.clear();
    under.submitAndSettle(bios);
    assertThat(under.commands).isEmpty();
    assertThatIllegalStateException().as("it waits").isThrownBy(keys[2]::close);
    under.release();
    under.settle();
    assertThat(under.ended).containsExactly(greedy, bios[0], bios[1], bios[2]);
    assertThat(under.ended).extracting(Bio::status).containsOnly(BioStatus.OK);
    assertThat(under.commands)
        .extracting(FallbackUnderTest.Command::sector)
        .containsExactly(0L, 8L, 16L);
    assertThat(under.fallback.counters().pageWaits()).isEqualTo(1);
  }

  @Test
  void aWriteToADeviceThatNoKeyWasStartedForNeedsMemory() {
    CryptoKey key = under.startedKey(1);
    Bio write = under.pageBio(BioOp.WRITE, 0, key, 0);
    Bio read = under.pageBio(BioOp.READ, 0, key, 0);
    MappedDevice layer =
        new MappedDevice(under.crypto, new MappingTable(new LinearTarget(under.device, 0, 1024)));
    under.takeAllMemory();
    assertThat(under.crypto.startUsing(layer, key)).isEqualTo(Errno.ENOMEM);
    under.crypto.submitter(layer).submit(write);
    under.crypto.submitter(layer).submit(read);
    under.settle();
    assertThat(write.status()).isEqualTo(BioStatus.RESOURCE);
    assertThat(read.status()).isEqualTo(BioStatus.OK);
    assertThat(under.commands).hasSize(1);
  }

  @Test
  void submittersWaitForBouncePagesInTheirOrder() {
    long page = under.randomMemory(PAGE);
    under.takeAllBouncePages();
    under.commands.clear();
    List<Bio> bios = under.startWriters(5, page);
    assertThat(under.commands).isEmpty();
    assertThat(under.fallback.counters().pageWaits()).isEqualTo(5);
    under.release();
    under.settle();
    assertThat(bios).extracting(Bio::status).containsOnly(BioStatus.OK);
    assertThat(under.commands)
        .extracting(FallbackUnderTest.Command::sector)
        .containsExactly(0L, 8L, 16L, 24L, 32L);
  }

  @Test
  void aWaitForBouncePagesFlushesThePlugThatHasThem() {
    CryptoKey key = under.startedKey(1);
    under.submitAndSettle(under.pageBio(BioOp.WRITE, 0, key, 0)); // now the key is in a slot
    Bio greedy = under.bigBio(BioOp.WRITE, 0, key, 0, 256);
    Bio waits = under.pageBio(BioOp.WRITE, 4096, key, 0);
    under.takeAllMemory();
    under.commands.clear();
    under.submitter.startPlug();
    under.submit(greedy);
    assertThat(under.commands).as("held in the plug").isEmpty();
    under.submit(waits);
    assertThat(under.commands).hasSize(1);
    under.settle();
    assertThat(waits.status()).isEqualTo(BioStatus.OK);
    under.submitter.finishPlug();
  }

  @Test
  void aWaitForASlotFlushesThePlug() {
    Bio plain = under.bio(BioOp.WRITE, 0);
    plain.addSegment(under.randomMemory(PAGE), PAGE);
    Bio miss = under.pageBio(BioOp.WRITE, 8, under.startedKey(1), 0);
    under.submitter.startPlug();
    under.submit(plain);
    assertThat(under.commands).isEmpty();
    under.submit(miss);
    assertThat(under.commands).extracting(FallbackUnderTest.Command::sector).containsExactly(0L);
    under.submitter.finishPlug();
  }

  @Test
  void aBigWriteGoesOnPieceByPieceAsPagesComeBack() {
    Bio bio = under.bigBio(BioOp.WRITE, 0, under.startedKey(1), 0, 900);
    byte[] plaintext = under.content(bio);
    under.takeAllMemory();
    under.submitAndSettle(bio);
    assertThat(bio.status()).isEqualTo(BioStatus.OK);
    assertThat(under.ended).containsExactly(bio);
    assertThat(under.onMedium(0, 900 * PAGE)).isEqualTo(encrypted(1, 0, plaintext));
    assertThat(under.fallback.counters()).isEqualTo(new FallbackCounters(1, 0, 4, 3));
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 101})
  void aHundredKeysCanBeInUseAtATimeAndTheNextWaits(int keys) {
    long page = under.randomMemory(PAGE);
    under.takeAllBouncePages();
    List<Bio> bios = under.startWriters(keys, page); // each takes a slot, and waits for a page
    assertThat(under.fallback.keyslotCounters().sleeps()).isEqualTo(keys - 100);
    under.release();
    under.settle();
    assertThat(under.ended).hasSize(keys + 1);
    assertThat(bios).extracting(Bio::status).containsOnly(BioStatus.OK);
    for (int i = 0; i < keys; i++) {
      assertThat(under.onMedium(8L * i, PAGE)).isEqualTo(encrypted(i, 0, under.bytes(page, PAGE)));
    }
  }
}
