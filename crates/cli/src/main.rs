//! `gongji`: one bill, every fen.

mod arguments;
mod command;
mod conformance_table;
mod exit;
mod five_table;
mod office;
mod progress;
mod settlement;
mod shelf;
mod table;
mod tables;
mod terminal;

use std::process::ExitCode;

use clap::Parser;

use arguments::{
    Arguments, ClaimCommand, ClearingCommand, Command, ContributionCommand, CorrectionCommand, FundCommand,
    InstitutionCommand, ItemCommand, PersonCommand, PolicyCommand, SettlementCommand, TokenCommand,
    YearCommand,
};

/// Commands are made on callers' threads and freed on the writer's: this allocator takes that without locking.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = match arguments.command {
        Command::Quote(quote) => command::quote::run(&quote),
        Command::Five(five) => command::five::run(&five),
        Command::Verify(verify) => command::verify::run(&verify),
        Command::Policy(PolicyCommand::Check(check)) => command::policy_check::run(&check),
        Command::Policy(PolicyCommand::List(list)) => command::policy_list::run(&list),
        Command::Policy(PolicyCommand::Matrix(matrix)) => command::policy_matrix::run(&matrix),
        Command::Policy(PolicyCommand::Show(show)) => command::policy_show::run(&show),
        Command::Policy(PolicyCommand::Diff(diff)) => command::policy_diff::run(&diff),
        Command::Policy(PolicyCommand::Test(test)) => command::policy_test::run(&test),
        Command::Book(book) => command::book::run(&book),
        Command::Commands(commands) => command::commands::run(&commands),
        Command::Person(PersonCommand::Register(register)) => command::person::register(&register),
        Command::Person(PersonCommand::Show(one)) => command::person::show(&one),
        Command::Person(PersonCommand::File(one)) => command::person::file(&one),
        Command::Person(PersonCommand::Cover(on)) => command::person::cover(&on),
        Command::Person(PersonCommand::Statement(one)) => command::person::statement(&one),
        Command::Person(PersonCommand::Five(on)) => command::person::five(&on),
        Command::Person(PersonCommand::Filings(one)) => command::filing::of_person(&one),
        Command::Person(PersonCommand::Draws(one)) => command::family::draws(&one),
        Command::Person(PersonCommand::Transfers(one)) => command::family::transfers(&one),
        Command::Person(PersonCommand::Flags(of)) => command::family::flags(&of),
        Command::Person(PersonCommand::Returns(of)) => command::family::returns(&of),
        Command::Person(PersonCommand::Explain(one)) => command::person_explain::run(&one),
        Command::Institution(InstitutionCommand::List(list)) => command::institution::list(&list),
        Command::Institution(InstitutionCommand::Register(one)) => command::institution::register(&one),
        Command::Item(ItemCommand::Import(import)) => command::item::import(&import),
        Command::Item(ItemCommand::Export(export)) => command::item::export(&export),
        Command::Contribution(ContributionCommand::Run(one)) => command::contribution::bill(&one),
        Command::Contribution(ContributionCommand::List(one)) => command::contribution::list(&one),
        Command::Contribution(ContributionCommand::Arrears(one)) => command::contribution::arrears(&one),
        Command::Year(YearCommand::Close(close)) => command::year::close(&close),
        Command::Year(YearCommand::Precredit(work)) => command::year::precredit(&work),
        Command::Year(YearCommand::Clear(work)) => command::year::clear(&work),
        Command::Token(TokenCommand::Issue(issue)) => command::token::issue(&issue),
        Command::Token(TokenCommand::Revoke(revoke)) => command::token::revoke(&revoke),
        Command::Token(TokenCommand::List(list)) => command::token::list(&list),
        Command::Demo(demo) => command::demo::run(&demo),
        Command::Settlement(SettlementCommand::Show(one)) => command::settlement::show(&one),
        Command::Settlement(SettlementCommand::Explain(one)) => command::settlement::explain(&one),
        Command::Settlement(SettlementCommand::Print(one)) => command::settlement::print(&one),
        Command::Settlement(SettlementCommand::Affected(one)) => command::settlement::affected(&one),
        Command::Settlement(SettlementCommand::Cancel(correct)) => command::correct::cancel(&correct),
        Command::Settlement(SettlementCommand::Readjudicate(correct)) => {
            command::correct::readjudicate(&correct)
        }
        Command::Clearing(ClearingCommand::Days(days)) => command::clearing::days(&days),
        Command::Clearing(ClearingCommand::List(list)) => command::clearing::list(&list),
        Command::Clearing(ClearingCommand::Show(one)) => command::clearing::show(&one),
        Command::Clearing(ClearingCommand::Comparison(one)) => command::clearing::comparison(&one),
        Command::Clearing(ClearingCommand::Areas(areas)) => command::clearing::areas(&areas),
        Command::Clearing(ClearingCommand::Netting(netting)) => command::clearing::netting(&netting),
        Command::Fund(FundCommand::Statement(statement)) => command::fund::statement(&statement),
        Command::Fund(FundCommand::Close(work)) => command::fund_year::close(&work),
        Command::Fund(FundCommand::Release(work)) => command::fund_year::release(&work),
        Command::Claim(ClaimCommand::List(list)) => command::claim::list(&list),
        Command::Claim(ClaimCommand::Show(one)) => command::claim::show(&one),
        Command::Claim(ClaimCommand::Reasons) => command::claim::list_reasons(),
        Command::Correction(CorrectionCommand::Find(find)) => command::correction::find(&find),
        Command::Correction(CorrectionCommand::List(list)) => command::correction::list(&list),
        Command::Correction(CorrectionCommand::Show(one)) => command::correction::show(&one),
        Command::Correction(CorrectionCommand::Lines(lines)) => command::correction::lines(&lines),
        Command::Correction(CorrectionCommand::Release(one)) => command::correction::release(&one),
        Command::Correction(CorrectionCommand::Cancel(cancel)) => command::correction::cancel(&cancel),
        Command::Audit(audit) => command::audit::run(&audit),
        Command::Export(tables) => command::export::run(&tables),
        Command::Import(tables) => command::import::run(&tables),
        Command::Backup(backup) => command::backup::run(&backup),
        Command::Restore(restore) => command::backup::restore(&restore),
        Command::Serve(serve) => command::serve::run(&serve),
        Command::Conformance(conformance) => command::conformance::run(&conformance),
        Command::Completions(completions) => command::completions::run(&completions),
    };
    exit::code(outcome)
}
