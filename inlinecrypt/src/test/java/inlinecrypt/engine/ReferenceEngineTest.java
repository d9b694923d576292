package inlinecrypt.engine;

class ReferenceEngineTest extends CipherEngineContract {
  @Override
  CipherEngine engine() {
    return CipherEngine.named("reference");
  }
}
