package blockdev.queue;

import static blockdev.queue.QueueUnderTest.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import blockdev.Simulation;
import blockdev.SimulationConfig;
import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.media.MemoryMedium;
import blockdev.sim.EventQueue;
import blockdev.sim.SimThread;
import blockdev.sim.SimulationEnded;
import blockdev.sim.WaitPoint;
import inlinecrypt.CryptoKey;
import inlinecrypt.DataUnitNumber;
import inlinecrypt.Errno;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a queue takes, and how it ends what it does not ({@code block/blk-crypto.c}, blk-mq). */
class SubmissionTest {
  private final QueueUnderTest under = new QueueUnderTest();

  @AfterEach
  void close() {
    under.close();
  }

  @Test
  void aPlainBioBecomesARequestWithoutASlot() {
    under.submit(under.write(8, 4096));
    assertThat(under.issued).hasSize(1);
    Request request = under.issued.getFirst();
    assertThat(request.slot()).isEqualTo(Request.NO_SLOT);
    assertThat(request.crypt().isEmpty()).isTrue();
    assertThat(request.sector()).isEqualTo(8);
    assertThat(under.ended).isEmpty();
    under.endAll();
    assertThat(under.ended).extracting(Bio::status).containsExactly(BioStatus.OK);
  }

  @Test
  void anEncryptedBioBecomesARequestWithASlotAndItsNumber() {
    CryptoKey key = key(1);
    under.submit(under.write(8, 4096, key, 77));
    under.settle();
    Request request = under.issued.getFirst();
    assertThat(request.slot()).isZero();
    assertThat(request.crypt().key()).isSameAs(key);
    assertThat(request.crypt().dun()).isEqualTo(DataUnitNumber.of(77));
  }

  @Test
  void aContextWithoutDataIsAnErrorAndCounted() {
    Bio empty = under.bio(BioOp.WRITE, 0);
    empty.crypt().set(key(1), 0);
    Bio flush = under.bio(BioOp.FLUSH, 0);
    flush.crypt().set(key(1), 0);
    Bio discard = under.bio(BioOp.DISCARD, 0).range(8);
    discard.crypt().set(key(1), 0);
    under.submit(empty, flush, discard);
    assertRefused(BioStatus.IOERR, empty, flush, discard);
    assertThat(under.counters().contextsWithoutData()).isEqualTo(3);
  }

  @Test
  void aContextWithoutDataIsAnErrorEvenIfTheDeviceDoesNotSupportIt() {
    Bio empty = under.bio(BioOp.WRITE, 0);
    empty.crypt().set(key(1, 8192, 8), 0);
    under.submit(empty);
    assertRefused(BioStatus.IOERR, empty);
  }

  @Test
  void rangesWithoutDataAreNotSupportedWhereTheDeviceHasNoSuchOperation() {
    Bio discard = under.bio(BioOp.DISCARD, 0).range(8);
    Bio zeroes = under.bio(BioOp.WRITE_ZEROES, 0).range(8);
    Bio erase = under.bio(BioOp.SECURE_ERASE, 0).range(8);
    under.submit(discard, zeroes, erase);
    assertRefused(BioStatus.NOTSUPP, discard, zeroes, erase);
    assertThat(under.counters().contextsWithoutData()).isZero();
  }

  @Test
  void rangesWithoutDataAreRequestsAndNothingErasesSecurely() {
    try (QueueUnderTest ranges =
        new QueueUnderTest(QueueUnderTest.LIMITS.withRanges(64, 16), 1, 8)) {
      Bio discard = ranges.bio(BioOp.DISCARD, 8).range(8);
      Bio zeroes = ranges.bio(BioOp.WRITE_ZEROES, 16).range(8);
      Bio erase = ranges.bio(BioOp.SECURE_ERASE, 0).range(8);
      ranges.submit(discard, zeroes, erase);
      assertThat(erase.status()).isEqualTo(BioStatus.NOTSUPP);
      ranges.settle();
      assertThat(ranges.issued)
          .extracting(Request::op)
          .containsExactly(BioOp.DISCARD, BioOp.WRITE_ZEROES);
      assertThat(ranges.issued).extracting(Request::sector).containsExactly(8L, 16L);
      assertThat(ranges.issued).extracting(Request::sizeBytes).containsExactly(4096, 4096);
      ranges.endAll();
      assertThat(ranges.ended).contains(discard, zeroes);
    }
  }

  @Test
  void aRangeBeyondTheEndIsAnErrorBeforeItIsNotSupported() {
    Bio erase = under.bio(BioOp.SECURE_ERASE, QueueUnderTest.SECTORS - 1).range(2);
    under.submit(erase);
    assertRefused(BioStatus.IOERR, erase);
  }

  @Test
  void aQueueWithBlockIntegrityHasNoProfile() {
    try (QueueUnderTest integrity =
        new QueueUnderTest(QueueUnderTest.LIMITS.withIntegrity(true), 1, 8)) {
      assertThat(integrity.device.profile().hasModes()).isFalse();
      Bio write = integrity.write(0, 4096, key(1), 0);
      integrity.submit(write);
      assertThat(write.status()).isEqualTo(BioStatus.NOTSUPP);
    }
  }

  @Test
  void aContextThatTheDeviceDoesNotSupportIsRefused() {
    Bio otherUnit = under.write(0, 8192, key(1, 8192, 8), 0);
    Bio wide = under.write(0, 4096, key(1, 4096, 9), 0);
    under.submit(otherUnit, wide);
    assertRefused(BioStatus.NOTSUPP, otherUnit, wide);
  }

  @Test
  void dataWithoutBytesAndAFlushWithBytesAreErrors() {
    Bio empty = under.bio(BioOp.READ, 0);
    Bio flush = under.bio(BioOp.FLUSH, 0);
    flush.addSegment(0, 512);
    under.submit(empty, flush);
    assertRefused(BioStatus.IOERR, empty, flush);
  }

  @Test
  void aSizeThatIsNoMultipleOfTheBlockIsAnErrorBeforeASlotIsTaken() {
    Bio odd = under.write(0, 4096 + 256, key(1), 0);
    under.submit(odd);
    assertRefused(BioStatus.IOERR, odd);
    assertThat(under.keyslots.counters().programs()).isZero();
  }

  @Test
  void aSectorInsideABlockIsAnError() {
    try (QueueUnderTest blocks4096 =
        new QueueUnderTest(new blockdev.bio.QueueLimits(4096, 1 << 20, 256), 1, 8)) {
      Bio bio = blocks4096.write(4, 4096);
      blocks4096.submit(bio);
      assertThat(bio.status()).isEqualTo(BioStatus.IOERR);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2048, 512",
    "2041, 4096",
    "-1, 512",
    "9223372036854775807, 512",
    "36028797018963968, 512"
  })
  void whatLiesOutsideTheDeviceIsAnError(long sector, int bytes) {
    Bio bio = under.write(sector, bytes);
    under.submit(bio);
    assertRefused(BioStatus.IOERR, bio);
  }

  @Test
  void theLastSectorCanBeWritten() {
    under.submit(under.write(2047, 512));
    assertThat(under.issued).hasSize(1);
  }

  @Test
  void segmentsThatAreNoWholeDataUnitsAreRefused() {
    Bio bio = under.bio(BioOp.WRITE, 0);
    bio.addSegment(0, 4096);
    bio.addSegment(65536, 512);
    bio.crypt().set(key(1), 0);
    under.submit(bio);
    assertRefused(BioStatus.INVAL, bio);
  }

  @Test
  void segmentsThatStartInsideADataUnitOfMemoryAreRefused() {
    Bio bio = under.bio(BioOp.WRITE, 0);
    bio.addSegment(512, 4096);
    bio.addSegment(65536, 4096);
    bio.crypt().set(key(1), 0);
    under.submit(bio);
    assertRefused(BioStatus.INVAL, bio);
  }

  @Test
  void aBioInOnePageIsNotLookedAtMoreClosely() {
    Bio inside = under.bio(BioOp.WRITE, 8);
    inside.addSegment(512, 3584);
    inside.crypt().set(key(2), 0);
    under.submit(under.write(0, 512, key(1), 0), inside);
    under.settle();
    assertThat(under.issued).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({"512, 4096", "0, 4608", "3584, 8192"})
  void oneSegmentThatReachesIntoAnotherPageMustBeWholeDataUnits(long offset, int bytes) {
    Bio bio = under.bio(BioOp.WRITE, 0);
    bio.addSegment(offset, bytes);
    bio.crypt().set(key(1), 0);
    under.submit(bio);
    assertRefused(BioStatus.INVAL, bio);
  }

  @Test
  void plainMemoryOfMoreThanOnePageMustBeAlignedForDma() {
    Bio by4 = under.bio(BioOp.WRITE, 0);
    by4.addSegment(4, 4096);
    Bio by2 = under.bio(BioOp.WRITE, 100);
    by2.addSegment(2, 4096);
    under.submit(by4, by2);
    assertThat(under.issued).extracting(Request::sector).containsExactly(0L);
    assertThat(by2.status()).isEqualTo(BioStatus.INVAL);
  }

  @Test
  void aDataUnitLargerThanAPageIsMeasuredFromTheFirstPageOfTheSegment() {
    CryptoKey key = key(1, 16384, 8);
    Bio anyPage = under.bio(BioOp.WRITE, 0);
    anyPage.addSegment(4096, 16384);
    anyPage.addSegment(65536, 32768);
    anyPage.crypt().set(key, 0);
    Bio part = under.bio(BioOp.WRITE, 100);
    part.addSegment(0, 16384);
    part.addSegment(65536, 4096);
    part.crypt().set(key, 0);
    under.submit(anyPage, part);
    under.settle();
    assertThat(under.issued).extracting(Request::sizeBytes).containsExactly(49152);
    assertThat(part.status()).isEqualTo(BioStatus.INVAL);
  }

  @Test
  void theStartSectorNeedNotBeAlignedToTheDataUnit() {
    under.submit(under.write(3, 4096, key(1), 0));
    under.settle();
    assertThat(under.issued).extracting(Request::sector).containsExactly(3L);
  }

  @Test
  void whatTheDeviceSupportsNeedsNoOtherWayInThanSubmit() {
    Bio read = under.bio(BioOp.READ, 0);
    read.addSegment(0, 4096);
    read.crypt().set(key(1), 0);
    under.submit(read);
    under.endAll();
    assertThat(under.ended).containsExactly(read);
    assertThat(read.status()).isEqualTo(BioStatus.OK);
  }

  @Test
  void aNumberWiderThanTheKeySaysIsNoError() {
    Bio bio = under.write(0, 4096);
    bio.crypt().set(key(1), -1, 5, 0, 0);
    under.submit(bio);
    under.settle();
    assertThat(under.issued.getFirst().crypt().dun()).isEqualTo(new DataUnitNumber(-1, 5, 0, 0));
  }

  @Test
  void aClosedKeyThrowsAndNothingIsSubmitted() {
    CryptoKey key = key(1);
    Bio bio = under.write(0, 4096, key, 0);
    key.close();
    assertThatIllegalStateException().isThrownBy(() -> under.submit(bio));
    assertThat(under.counters().bios()).isZero();
    assertThat(under.ended).isEmpty();
  }

  @Test
  void afterTheSimulationHasEndedSubmittingThrows() {
    under.time.close();
    under.queue.startPlug();
    assertThatExceptionOfType(SimulationEnded.class)
        .isThrownBy(() -> under.submit(under.write(0, 4096)));
    assertThat(under.issued).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"EINVAL, INVAL", "EBUSY, DEV_RESOURCE", "EOPNOTSUPP, NOTSUPP", "EIO, IOERR"})
  void aSlotThatCannotBeProgrammedEndsTheBioAndFreesTheRequest(Errno errno, BioStatus status) {
    try (QueueUnderTest shallow = new QueueUnderTest(QueueUnderTest.LIMITS, 1, 1)) {
      shallow.programResult = errno;
      Bio bio = shallow.write(0, 4096, key(1), 0);
      shallow.submit(bio);
      shallow.settle();
      assertThat(shallow.issued).isEmpty();
      assertThat(shallow.ended).containsExactly(bio);
      assertThat(bio.status()).isEqualTo(status);
      shallow.submit(shallow.write(0, 4096));
      assertThat(shallow.issued).as("the only tag is free").hasSize(1);
    }
  }

  @Test
  void theSlotIsReleasedBeforeTheLastBioEndsSoThatItsEndMayEvictTheKey() {
    CryptoKey key = key(1);
    List<Errno> results = new ArrayList<>();
    Bio bio = new Bio(1, ended -> under.keyslots.evict(key, results::add));
    bio.reset(BioOp.WRITE, 0).addSegment(0, 4096);
    bio.crypt().set(key, 0);
    under.submit(bio);
    under.endAll();
    assertThat(results).containsExactly(Errno.OK);
    assertThat(under.keyslots.counters().busyEvicts()).isZero();
    key.close();
  }

  @Test
  void anErrorOfTheDriverReachesTheBio() {
    Bio bio = under.write(0, 4096);
    under.submit(bio);
    under.endOldest(BioStatus.MEDIUM);
    assertThat(bio.status()).isEqualTo(BioStatus.MEDIUM);
  }

  @Test
  void aThreadAlwaysHasTheSameQueue() {
    assertThat(under.device.submitter()).isSameAs(under.queue);
  }

  @Test
  void moreThreadsThanQueuePairsCannotSubmit() {
    SimThread second = under.time.start("second", under.device::submitter);
    assertThatIllegalStateException()
        .isThrownBy(second::join)
        .havingCause()
        .withMessageContaining("more than 1 threads");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void threadsThatComeOneAfterAnotherShareAQueuePair(boolean virtualTime) {
    SimulationConfig config = SimulationConfig.defaults();
    try (MemoryMedium medium = new MemoryMedium(1 << 20);
        Simulation simulation =
            new Simulation(virtualTime ? config : config.withImmediateTime(), medium)) {
      BlockQueue device = simulation.queue();
      device.submitter();
      List<Integer> indexes = new ArrayList<>();
      List<Bio> ended = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        boolean fails = i == 3;
        SimThread thread =
            simulation
                .time()
                .start(
                    "thread " + i,
                    () -> {
                      HardwareQueue queue = device.submitter();
                      indexes.add(queue.index());
                      queue.submit(new Bio(1, ended::add).reset(BioOp.FLUSH, 0));
                      if (fails) {
                        queue.startPlug();
                        throw new IllegalArgumentException("ends early");
                      }
                    });
        if (fails) {
          assertThatIllegalStateException().isThrownBy(thread::join);
        } else {
          thread.join();
        }
      }
      assertThat(indexes).hasSize(10).containsOnly(1);
      WaitPoint settled = new WaitPoint();
      EventQueue events = device.submitter().events();
      events.schedule(settled::signal, 1_000_000_000);
      events.await(settled);
      assertThat(ended).as("no plug outlives its thread").hasSize(10);
    }
  }

  private void assertRefused(BioStatus status, Bio... bios) {
    under.settle();
    assertThat(under.ended).containsExactly(bios);
    assertThat(bios).extracting(Bio::status).containsOnly(status);
    assertThat(under.issued).isEmpty();
    assertThat(under.counters().requests()).isZero();
  }
}
