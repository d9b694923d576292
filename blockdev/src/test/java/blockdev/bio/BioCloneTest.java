package blockdev.bio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import inlinecrypt.DataUnitNumber;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What layers do with bios that are not theirs: clone, cut, send elsewhere, wait for. */
class BioCloneTest {
  private final List<Bio> ended = new ArrayList<>();
  private final CryptoKey key = key();
  private final Bio bio = bio();
  private final Bio clone = new Bio(0, ended::add);

  @Test
  void aCloneHasTheSameDataContextAndFlags() {
    bio.forceUnitAccess().noWait();
    bio.cloneInto(clone);
    assertThat(clone.op()).isEqualTo(BioOp.WRITE);
    assertThat(clone.isForceUnitAccess()).isTrue();
    assertThat(clone.isNoWait()).isTrue();
    assertThat(clone.sector()).isEqualTo(100);
    assertThat(clone.sizeBytes()).isEqualTo(12288);
    assertThat(segments(clone)).isEqualTo(segments(bio));
    assertThat(clone.crypt().key()).isSameAs(key);
    assertThat(clone.crypt().dun()).isEqualTo(DataUnitNumber.of(7));
  }

  @Test
  void advancingAndSplittingACloneLeavesTheSourceAsItIs() {
    bio.cloneInto(clone);
    clone.advance(4096);
    clone.splitInto(new Bio(0, ended::add), 4096);
    assertThat(clone.crypt().dun()).isEqualTo(DataUnitNumber.of(9));
    assertThat(clone.sector()).isEqualTo(116);
    assertThat(segments(clone)).containsExactly("65536+4096");

    assertThat(bio.crypt().dun()).isEqualTo(DataUnitNumber.of(7));
    assertThat(bio.sector()).isEqualTo(100);
    assertThat(segments(bio)).containsExactly("0+4096", "61440+8192");
  }

  @Test
  void aCloneOfABioThatHasAdvancedStartsWhereThatStands() {
    bio.advance(6144);
    bio.cloneInto(clone);
    assertThat(clone.sector()).isEqualTo(112);
    assertThat(segments(clone)).containsExactly("63488+6144");
  }

  @Test
  void aCloneEndsOnItsOwn() {
    bio.cloneInto(clone);
    clone.endPart(BioStatus.MEDIUM);
    assertThat(ended).containsExactly(clone);
    assertThat(bio.status()).isEqualTo(BioStatus.OK);
    bio.endPart(BioStatus.OK);
    assertThat(ended).containsExactly(clone, bio);
  }

  @Test
  void aCloneGoesToAnotherPlaceWithTheSameNumber() {
    bio.cloneInto(clone);
    clone.setSector(5000);
    assertThat(clone.sector()).isEqualTo(5000);
    assertThat(clone.endSector()).isEqualTo(5024);
    assertThat(clone.crypt().dun()).isEqualTo(DataUnitNumber.of(7));
    assertThat(bio.sector()).isEqualTo(100);
  }

  @Test
  void segmentsAreAddedToTheSourceOnly() {
    bio.cloneInto(clone);
    assertThatIllegalStateException().isThrownBy(() -> clone.addSegment(0, 4096));
  }

  @Test
  void aTrimmedCloneIsTheFront() {
    bio.cloneInto(clone);
    clone.trim(6144);
    assertThat(segments(clone)).containsExactly("0+4096", "61440+2048");
    assertThat(clone.crypt().dun()).isEqualTo(DataUnitNumber.of(7));
    clone.trim(0);
    assertThat(segments(clone)).isEmpty();
    assertThat(bio.sizeBytes()).isEqualTo(12288);
  }

  @Test
  void advancingLosesAPartOfADataUnitToTheNumberButNotToThePlace() {
    bio.advance(6144);
    assertThat(bio.crypt().dun()).isEqualTo(DataUnitNumber.of(8));
    assertThat(bio.sector()).isEqualTo(112);
    assertThat(segments(bio)).containsExactly("63488+6144");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 12289})
  void oneCanNeitherAdvanceNorTrimBeyondWhatIsLeft(int bytes) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> bio.advance(bytes))
        .withMessageContaining("12288")
        .withMessageContaining("" + bytes);
    assertThatIllegalArgumentException().isThrownBy(() -> bio.trim(bytes));
    assertThat(bio.sizeBytes()).isEqualTo(12288);
  }

  @Test
  void aParentEndsAfterTheChildrenWithTheFirstError() {
    Bio second = new Bio(0, ended::add).reset(BioOp.WRITE, 0);
    bio.cloneInto(clone);
    bio.chain(clone);
    bio.chain(second);
    second.endPart(BioStatus.MEDIUM);
    bio.endPart(BioStatus.OK);
    assertThat(ended).containsExactly(second);
    clone.endPart(BioStatus.TIMEOUT);
    assertThat(ended).containsExactly(second, clone, bio);
    assertThat(bio.status()).isEqualTo(BioStatus.MEDIUM);
  }

  @Test
  void aParentCanEndBeforeItsChildWhoThenEndsIt() {
    bio.chain(clone.reset(BioOp.WRITE, 0));
    bio.endPart(BioStatus.TIMEOUT);
    assertThat(ended).isEmpty();
    clone.endPart(BioStatus.MEDIUM);
    assertThat(ended).containsExactly(clone, bio);
    assertThat(bio.status()).isEqualTo(BioStatus.TIMEOUT);
  }

  @Test
  void chainsReachAcrossLayers() {
    Bio grandchild = new Bio(0, ended::add).reset(BioOp.WRITE, 0);
    bio.chain(clone.reset(BioOp.WRITE, 0));
    clone.chain(grandchild);
    bio.endPart(BioStatus.OK);
    clone.endPart(BioStatus.OK);
    grandchild.endPart(BioStatus.TARGET);
    assertThat(ended).containsExactly(grandchild, clone, bio);
    assertThat(ended).extracting(Bio::status).containsOnly(BioStatus.TARGET);
  }

  @Test
  void aChildCanBeUsedAgainInItsOwnEnd() {
    List<BioStatus> statuses = new ArrayList<>();
    Bio child = new Bio(0, self -> self.reset(BioOp.READ, 0));
    Bio parent = new Bio(0, self -> statuses.add(self.status())).reset(BioOp.WRITE, 0);
    parent.chain(child.reset(BioOp.WRITE, 0));
    parent.endPart(BioStatus.OK);
    child.endPart(BioStatus.MEDIUM);
    assertThat(statuses).containsExactly(BioStatus.MEDIUM);
    child.endPart(BioStatus.OK);
    assertThat(statuses).as("the chain is broken").hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"DISCARD", "WRITE_ZEROES", "SECURE_ERASE"})
  void anOperationWithoutDataCoversARangeThatCanBeCut(BioOp op) {
    Bio range = new Bio(0, ended::add).reset(op, 100).range(4_194_303);
    assertThat(range.endSector()).isEqualTo(100 + 4_194_303);
    assertThat(range.hasData()).isFalse();
    assertThat(segments(range)).isEmpty();
    range.splitInto(clone, 512 * 1000);
    assertThat(clone.op()).isEqualTo(op);
    assertThat(clone.endSector()).isEqualTo(1100);
    assertThat(range.sector()).isEqualTo(1100);
    assertThat(range.endSector()).isEqualTo(100 + 4_194_303);
  }

  @Test
  void onlyAnOperationWithoutDataHasARangeWithoutMemory() {
    assertThatIllegalArgumentException().isThrownBy(() -> bio.range(8));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> bio.reset(BioOp.FLUSH, 0).range(8))
        .withMessageContaining("FLUSH");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> bio.reset(BioOp.DISCARD, 0).range(4_194_304))
        .withMessageContaining("4194304");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> bio.reset(BioOp.DISCARD, 0).range(-1))
        .withMessageContaining("-1");
  }

  private Bio bio() {
    Bio made = new Bio(2, ended::add).reset(BioOp.WRITE, 100);
    made.addSegment(0, 4096);
    made.addSegment(61440, 8192);
    made.crypt().set(key, 7);
    return made;
  }

  private static List<String> segments(Bio bio) {
    List<String> segments = new ArrayList<>();
    SegmentCursor cursor = new SegmentCursor();
    cursor.start(bio);
    while (cursor.next()) {
      segments.add(cursor.hostOffset() + "+" + cursor.lengthBytes());
    }
    return segments;
  }

  private static CryptoKey key() {
    byte[] raw = new byte[64];
    raw[0] = 1;
    return new CryptoKey(new CryptoConfig(CryptoMode.AES_256_XTS, 4096, 16), raw);
  }
}
