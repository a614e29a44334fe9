//! 依据: why a line of the table is so much, and by which clause.

use gongji_cases::answer::{BandStep, CalculationStep, CapStep, Clause, LineAnswer, StepAnswer};
use gongji_cases::five::Part;
use gongji_policy::Grade;

/// What opens under a line of the table.
#[derive(Clone, Debug, Default)]
pub struct Basis {
    /// Sentences.
    pub sentences: Vec<String>,
    /// The formula with the bill's numbers.
    pub formula: String,
    /// The exact value before rounding.
    pub exact: String,
    /// How it was rounded; empty where it was not.
    pub rounding: &'static str,
    /// The bands reached.
    pub bands: Vec<BandStep>,
    /// The caps.
    pub caps: Vec<CapStep>,
    /// Who pays this portion: whose money, how much.
    pub payers: Vec<(String, String)>,
    /// The bill's own lines that went into it, with the amount.
    pub items: Vec<(String, String)>,
    /// The clauses.
    pub clauses: Vec<Clause>,
}

/// One document with everything that it decided here.
pub struct Document<'basis> {
    /// The document, its article, address, grade, quotation: those of its first clause.
    pub head: &'basis Clause,
    /// What it decided.
    pub clauses: Vec<&'basis Clause>,
}

/// The name of a rounding, as people read it.
pub fn rounding(name: &str) -> &'static str {
    match name {
        "half_up_fen" => "四舍五入到分",
        "truncate_fen" => "截到分",
        "up_fen" => "进到分",
        "half_up_jiao" => "四舍五入到角",
        "truncate_jiao" => "截到角",
        "up_jiao" => "进到角",
        "half_up_yuan" => "四舍五入到元",
        "truncate_yuan" => "截到元",
        "up_yuan" => "进到元",
        _ => "",
    }
}

/// The class of a grade's badge; an unknown grade is shown as the weakest.
pub fn grade_class(grade: &str) -> &'static str {
    for known in [Grade::Official, Grade::Press, Grade::Web] {
        if known.name() == grade {
            return known.name();
        }
    }
    Grade::Unverified.name()
}

impl Basis {
    /// Adds clauses, each row once.
    pub fn cite<'a>(&mut self, clauses: impl IntoIterator<Item = &'a Clause>) {
        for clause in clauses {
            let known =
                |other: &Clause| other.rule_id == clause.rule_id && other.parameter == clause.parameter;
            if !self.clauses.iter().any(known) {
                self.clauses.push(clause.clone());
            }
        }
    }

    /// Adds a sentence that is not there yet.
    pub fn say(&mut self, sentence: &str) {
        if !sentence.is_empty() && !self.sentences.iter().any(|known| known == sentence) {
            self.sentences.push(sentence.to_owned());
        }
    }

    /// The basis of a layer's payment.
    pub fn of_step(step: &StepAnswer) -> Basis {
        let mut basis = Basis {
            formula: step.formula.clone(),
            exact: step.exact.clone(),
            rounding: rounding(&step.rounding),
            bands: step.bands.clone(),
            caps: step.caps.clone(),
            ..Basis::default()
        };
        basis.say(&step.reason);
        basis.cite(&step.clauses);
        basis
    }

    /// The basis of a figure of a calculation.
    pub fn of_figure(step: &CalculationStep) -> Basis {
        let mut basis = Basis {
            formula: step.formula.clone(),
            exact: step.exact.clone(),
            rounding: rounding(&step.rounding),
            ..Basis::default()
        };
        basis.say(&step.reason);
        basis.cite(&step.clauses);
        basis
    }

    /// The basis of a figure of the five questions.
    pub fn of_part(part: &Part) -> Basis {
        let mut basis = Basis {
            formula: part.formula.clone(),
            exact: part.exact.clone(),
            rounding: rounding(&part.rounding),
            ..Basis::default()
        };
        basis.say(&part.sentence);
        basis.cite(&part.clauses);
        basis
    }

    /// Adds what the bill's own lines say about a portion.
    pub fn lines(&mut self, lines: &[LineAnswer], of: impl Fn(&LineAnswer) -> i64) {
        for line in lines.iter().filter(|line| of(line) != 0) {
            let name = line
                .name
                .clone()
                .or_else(|| line.code.clone())
                .unwrap_or_else(|| "未写名称的一项".to_owned());
            if self.items.len() < 50 {
                self.items.push((name, gongji_money::Fen::new(of(line)).grouped()));
            }
            self.cite(&line.clauses);
        }
    }

    /// The clauses by document, in order of first use.
    pub fn documents(&self) -> Vec<Document<'_>> {
        let mut documents: Vec<Document<'_>> = Vec::new();
        for clause in &self.clauses {
            let same = |known: &&mut Document<'_>| {
                let head = known.head;
                head.source == clause.source && head.article == clause.article && head.quote == clause.quote
            };
            match documents.iter_mut().find(same) {
                Some(document) => document.clauses.push(clause),
                None => documents.push(Document { head: clause, clauses: vec![clause] }),
            }
        }
        documents
    }

    /// Whether there is nothing to open.
    pub fn is_empty(&self) -> bool {
        self.sentences.is_empty() && self.clauses.is_empty() && self.formula.is_empty()
    }
}
