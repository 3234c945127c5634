// SequenceModel
